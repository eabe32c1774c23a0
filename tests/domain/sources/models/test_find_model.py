"""Which model, and which of its entities, is that of a segment; and what in it cannot be used."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.errors import ConfigurationError
from shared.domain.sources.find_source import find_source
from shared.domain.sources.models.model_file import MAX_BYTES, MAX_PARTS
from shared.domain.sources.models.source_model import SourceModel
from shared.domain.sources.segment_source import SegmentSource
from shared.domain.sources.source_rules import USUAL_RULES
from tests.domain.sources.listing import listed
from tests.domain.sources.models.writing import entity, model, partition
from tests.domain.sources.trees import NOW, Tree

VIP = "ci/BlobExport/VIP"


def source(blobs: dict[str, bytes], *files: str, segment: str = VIP) -> SegmentSource:
    """Return the source of *segment*, with models (*blobs*) and data *files* in the container."""
    tree = Tree(files or (f"{segment}/1.csv",))
    for name, body in blobs.items():
        tree.put(name, body)
    return tree.answer(find_source(segment, USUAL_RULES))


def found(blobs: dict[str, bytes], *files: str) -> SourceModel:
    made = source(blobs, *files).model
    assert made is not None
    return made


def problem(body: bytes | dict[str, Any]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        source({"ci/BlobExport/model.json": body if isinstance(body, bytes) else model(body)})
    assert caught.value.sentence.params["file"] == "ci/BlobExport/model.json"
    return caught.value.sentence.code


@pytest.mark.parametrize("folder", [f"{VIP}/", "ci/BlobExport/", "ci/", ""])
def test_a_model_in_the_folder_or_above_it_is_found(folder: str) -> None:
    made = found({f"{folder}model.json": model(entity("Other"), entity("VIP"))})
    assert (made.file, made.usual.columns) == (
        f"{folder}model.json",
        ("CustomerId", "EMail", "Age", "Spent", "IsGold"),
    )
    assert made.usual.types == ("text", "text", "integer", "number", "boolean")


def test_the_nearest_model_that_has_the_segment_counts() -> None:
    near, far = entity("VIP", columns=[("near", "string")]), entity("VIP", columns=[("far", "string")])
    made = found({"model.json": model(far), "ci/model.json": model(near), "ci/BlobExport/model.json": model()})
    assert made.usual.columns == ("near",)


def test_an_entity_whose_files_lie_in_the_folder_counts_before_one_that_has_its_name() -> None:
    there = entity("Renamed", [partition(f"{VIP}/1.csv", at="https://old.example/old")], [("there", "string")])
    named = entity("VIP", [partition("elsewhere/1.csv")], [("named", "string")])
    assert found({"model.json": model(named, there)}).usual.columns == ("there",)
    assert found({"model.json": model(named)}).usual.columns == ("named",)
    assert source({"model.json": model(entity("vip"), entity("Other"))}).model is None


def test_each_partition_has_its_own_settings() -> None:
    made = found(
        {
            "model.json": model(
                entity(
                    "VIP",
                    [
                        partition(f"{VIP}/1.csv"),
                        partition(f"{VIP}/2.csv", columnHeaders=True, delimiter=";", encoding="windows-1251"),
                        partition(f"{VIP}/3.csv", quoteStyle="QuoteStyle.Csv", csvStyle="CsvStyle.QuoteAlways"),
                    ],
                )
            )
        }
    )
    settings = [(each.has_header, each.delimiter, each.encoding) for each in map(made.of, made.partitions)]
    assert settings == [(False, ",", "utf-8"), (True, ";", "cp1251"), (False, ",", "utf-8")]
    assert made.of("elsewhere.csv") == made.usual
    assert sorted(made.files_below(f"{VIP}/")) == ["1.csv", "2.csv", "3.csv"]


def test_a_file_that_a_model_does_not_name_is_written_as_all_that_it_names() -> None:
    made = found(
        {"model.json": model(entity("VIP", [partition("a.csv", delimiter=";"), partition("b.csv", delimiter=";")]))}
    )
    assert made.of(f"{VIP}/1.csv").delimiter == ";"


@pytest.mark.parametrize("body", [b'{"weights": [1, 2]}', b"\x00\x01", b"[]", b'{"EMail": "a@example.com"}\n{"EMail"'])
def test_another_file_of_that_name_is_no_model(body: bytes) -> None:
    assert source({"ci/model.json": body}).model is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"entities": [', "model_unreadable"),
        (b'{"entities": {}}', "model_unreadable"),
        (b'{"entities": [1]}', "model_unreadable"),
        (b'{"x": "entities", "entities"', "model_unreadable"),
        (b'{"entities": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", "model_unreadable"),
        (b'{"entities": [' + b"," * MAX_PARTS + b"]}", "model_too_large"),
        ({**entity("VIP"), "$type": "ReferenceEntity"}, "model_type_unknown"),
        (entity("VIP", [partition("a.csv", **{"$type": "ParquetFormatSettings"})]), "model_type_unknown"),
        (entity("VIP", [partition("a.csv", encoding="utf-99")]), "model_setting_unusable"),
        (entity("VIP", [partition("a.csv", delimiter="||")]), "model_setting_unusable"),
        (entity("VIP", [partition("a.csv", delimiter=7)]), "model_setting_unusable"),
        (entity("VIP", [{"location": "../secret.csv"}]), "model_location_outside"),
        (entity("VIP", [partition("../other/secret.csv")]), "model_location_outside"),
        (entity("VIP", [{"location": 7}]), "model_location_outside"),
        (entity("VIP", columns=[]), "model_columns_unusable"),
        (entity("VIP", columns=[("a", "string"), ("a", "string")]), "model_columns_unusable"),
        (entity("VIP", columns=[("", "string")]), "model_columns_unusable"),
        (entity("VIP", attributes=["a"]), "model_columns_unusable"),
        (entity("VIP", attributes=None), "model_columns_unusable"),
    ],
)
def test_a_model_that_cannot_be_used_is_refused_in_one_sentence(body: bytes | dict[str, Any], code: str) -> None:
    assert problem(body) == code


def test_a_model_of_too_many_bytes_is_not_even_read() -> None:
    tree = Tree([f"{VIP}/1.csv", listed("ci/model.json", MAX_BYTES + 1)])
    with pytest.raises(ConfigurationError, match="more than 16,777,216 bytes"):
        tree.answer(find_source(VIP, USUAL_RULES))
    assert "ci/model.json" not in tree.asked[3:]


def test_two_entities_with_files_in_one_folder_are_refused() -> None:
    one, other = (entity(name, [partition(f"{VIP}/{name}.csv")]) for name in "ab")
    with pytest.raises(ConfigurationError, match="several entities"):
        source({"model.json": model(one, other)})


def test_no_sentence_repeats_a_location() -> None:
    with pytest.raises(ConfigurationError) as caught:
        source({"model.json": model(entity("VIP", [{"location": "https://a.example/?sig=secret"}]))})
    assert "secret" not in f"{caught.value.sentence}{caught.value.sentence.params}"


def test_a_model_in_the_folder_is_no_data_and_other_json_is() -> None:
    made = source({f"{VIP}/model.json": model(entity("VIP"))}, f"{VIP}/part-0")
    assert [blob.file for blob in made.files.data] == ["part-0"]


def test_files_of_a_flat_segment_that_its_model_names_and_that_are_not_there_are_told() -> None:
    body = model(entity("VIP", [partition(f"{VIP}/{number}.csv") for number in (1, 2, 3)]))
    made = source({"ci/BlobExport/model.json": body}, f"{VIP}/1.csv")
    (told,) = made.warnings
    assert (told.code, told.params["count"], told.params["missing"]) == ("model_files_missing", 2, "2.csv")
    whole = source({"ci/BlobExport/model.json": body}, *(f"{VIP}/{number}.csv" for number in (1, 2, 3)))
    assert whole.warnings == ()


def test_a_dated_folder_is_complete_when_the_model_names_its_files() -> None:
    day, name = f"{VIP}/2026/11/23/0600", "ci/BlobExport/model.json"
    young: dict[str, Any] = {"modified": NOW - timedelta(minutes=2)}

    def states(*files: str, written: timedelta = timedelta(minutes=1)) -> tuple[str | None, list[str]]:
        named = [partition(f"{day}/VIP_{number}.csv") for number in (1, 2)]
        blobs = [listed(f"{VIP}/2026/11/22/0600/VIP_1.csv"), *(listed(f"{day}/{file}", **young) for file in files)]
        tree = Tree(blobs)
        tree.put(name, model(entity("VIP", named)), modified=NOW - written)
        made = tree.answer(find_source(VIP, USUAL_RULES))
        return made.state, [warning.code for warning in made.warnings]

    assert states("VIP_1.csv", "VIP_2.csv") == ("2026/11/23/0600", [])
    half = ("2026/11/22/0600", ["newer_folder_incomplete"])
    assert states("VIP_1.csv") == half
    assert states("VIP_1.csv", "VIP_2.csv", "VIP_3.csv") == half
    assert states("VIP_1.csv", "VIP_2.csv", written=timedelta(minutes=3)) == half


def test_a_very_large_model_lets_other_tasks_run_while_its_partitions_are_looked_at() -> None:
    tree = Tree(["vip/1.csv"])
    tree.put("model.json", model(entity("Other", [partition(f"other/{number}.csv") for number in range(5_000)])))
    assert tree.source().model is None
    assert tree.turns >= 5
