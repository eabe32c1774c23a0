"""The short form of the chaos: hosts are killed while they work, and every row ends where it must."""

from local.chaos.play import play
from local.chaos.scenario import short_form

SEED = 5


async def test_no_row_is_lost_invented_or_told_wrongly_however_the_hosts_die(azurite: str) -> None:
    # The fixture azurite is asked for its reasons to skip; the running system has its own storage.
    del azurite
    scenario = short_form(SEED)

    result = await play(scenario, say=print, note=lambda _host, _line: None)

    assert [*result.problems()] == []
    assert result.counts.hits >= scenario.kills
    endings = result.comparison.endings
    assert endings.keys() <= {"partial", "cancelled", "failed"}
    assert endings["failed"] > 0  # the file whose header is quotes and line feeds
    assert endings["partial"] > 0
    assert endings.total() >= scenario.runs_at_once
    assert result.counts.double_clicks > 0
    assert sum(result.stats["faults"].values()) > 0
