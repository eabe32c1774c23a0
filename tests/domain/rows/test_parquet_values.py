"""Values of Arrow, as a page of rows takes them: a part of an array, and arrays that a damaged file has made."""

import pyarrow as pa
import pytest

from shared.domain.errors import ConfigurationError
from shared.domain.rows.parquet.parquet_rows import ParquetRows
from shared.domain.rows.parquet.values import reader_of


@pytest.mark.parametrize(
    ("array", "values"),
    [
        (pa.array([[1], [2, 3], None, [], [4]]), [[2, 3], None, []]),
        (pa.array([[1], [2, 3], None, [], [4]], pa.large_list(pa.int8())), [[2, 3], None, []]),
        (pa.array([[1, 1], [2, 3], None, [4, 5], [6, 6]], pa.list_(pa.int8(), 2)), [[2, 3], None, [4, 5]]),
        (pa.array([[("a", 1)], [("b", 2)], None, [], []], pa.map_(pa.string(), pa.int8())), [{"b": 2}, None, {}]),
        (pa.array([{"a": 1}, {"a": 2}, None, {"a": None}, {"a": 5}]), [{"a": 2}, None, {"a": None}]),
        (pa.array(["x", "y", None, "x", "z"]).dictionary_encode(), ["y", None, "x"]),
        (pa.array([[["x"]], [["y"], None], None, [], [["z"]]]), [[["y"], None], None, []]),
    ],
)
def test_a_part_of_nested_values_has_its_own_elements(array: pa.Array, values: list[object]) -> None:
    assert reader_of(array.type)(array.slice(1, 3)) == values


@pytest.mark.parametrize("place", [-1, 2])
def test_a_place_before_the_dictionary_is_damage(place: int) -> None:
    indexes = pa.array([0, place, 1], pa.int32())
    array = pa.DictionaryArray.from_arrays(indexes, pa.array(["x", "y"]), safe=False)
    with pytest.raises(ConfigurationError) as raised:
        [*ParquetRows("vip/1.parquet").pages(pa.record_batch([array], ["tier"]))]
    assert raised.value.sentence.code == "parquet_damaged"


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (pa.timestamp("us"), 2**62),
        (pa.timestamp("s", "UTC"), -(2**62)),
        (pa.date32(), 2**30),
        (pa.time64("us"), 2**40),
        (pa.time32("s"), -5),
    ],
)
def test_a_time_that_no_calendar_has_is_none(kind: pa.DataType, number: int) -> None:
    width = pa.int32() if kind.bit_width == 32 else pa.int64()
    far = pa.array([number, 0, None], width).view(kind)
    none, zero, missing = reader_of(far.type)(far)
    assert (none, missing) == (None, None)
    assert zero
