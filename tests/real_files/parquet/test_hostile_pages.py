"""A few bytes of Parquet can stand for gigabytes: what would take too much memory is refused before it is unpacked."""

import pytest

from tests.real_files.parquet import hostile
from tests.real_files.parquet.hostile_reading import read_all
from tests.real_files.parquet.made_by_hand import Column, file_of, page, texts
from tests.real_files.whole_run import outcome_of


@pytest.mark.parametrize("what", hostile.TOO_LARGE)
def test_what_would_take_too_much_memory_is_refused(what: str) -> None:
    assert len(hostile.TOO_LARGE[what]) < 500_000
    assert read_all(hostile.TOO_LARGE[what])[1] == "parquet_unpacks_too_large"


@pytest.mark.parametrize("what", hostile.DAMAGED)
def test_what_cannot_be_is_damage(what: str) -> None:
    assert read_all(hostile.DAMAGED[what]) == (0, "parquet_damaged")


def test_a_footer_that_speaks_of_a_million_columns_is_refused() -> None:
    assert read_all(hostile.MANY_COLUMNS) == (0, "parquet_too_many_chunks")


def test_long_texts_in_a_dictionary_are_read_a_few_rows_at_once() -> None:
    assert read_all(hostile.FEW_LONG_TEXTS) == (20_000, "")
    assert read_all(hostile.FEW_ROWS_AT_ONCE) == (3_000, "")


async def test_the_run_ends_with_the_sentence() -> None:
    rows = page(texts([b"a@example.com", b"b@example.com"]), 2)
    good = await outcome_of(file_of(2, Column("email", rows, 2)), "vip.parquet", mapping={"email": "email"})
    assert good.names == "a b"
    body = file_of(2, Column("email", page(b"a", 2, unpacked=2**30), 2))
    found = await outcome_of(body, "vip.parquet", mapping={"email": "email"})
    assert found.failure[0] == "parquet_unpacks_too_large"
    assert "268,435,456" in found.failure[1]
