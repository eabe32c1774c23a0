"""Ids of runs: they sort by the time of the request, or of the slot, also within one second."""

from datetime import UTC, datetime, timedelta

from shared.domain.config.schedule import slot_run_id
from shared.domain.identifiers import age_of_run, is_id, new_run_id
from shared.store.paths import index_path

START = datetime(2026, 11, 23, 6, tzinfo=UTC)
DRAWN = ("ffff", "0000", "9999", "00a0")
"""What is drawn says nothing about the time."""


def ids_of_one_second() -> list[str]:
    """Return ids in the order of their times: a slot, requests of the same second and after, and what follows them."""
    moments = [START + timedelta(milliseconds=each) for each in (1, 40, 40.9, 999)]
    asked = [new_run_id(moment, drawn) for moment, drawn in zip(moments, DRAWN, strict=True)]
    return [slot_run_id("vip", START), *asked, f"{asked[-1]}-again", new_run_id(START + timedelta(seconds=1), "0000")]


def test_runs_of_one_second_keep_their_order() -> None:
    run_ids = ids_of_one_second()
    assert sorted(set(run_ids), key=age_of_run) == run_ids
    assert all(map(is_id, run_ids))


def test_runs_of_one_second_stand_in_the_index_newest_first() -> None:
    paths = [index_path("vip", run_id) for run_id in ids_of_one_second()]
    in_time = [paths[0], paths[1], paths[3], paths[4], paths[5], paths[6]]  # the third is of the same millisecond
    assert sorted(in_time, reverse=True) == in_time
    assert len({path.rpartition("/")[0] for path in paths}) == 1
