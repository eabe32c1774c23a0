"""A receiver that reads an alert as docs/deploy.md says, gets what it needs of the common alert schema."""

import json
import re
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
ALERT = (ROOT / "tests" / "fixtures" / "common_alert.json").read_text(encoding="utf-8")
"""An alert over a log, in the form that Microsoft's documentation of the schema gives."""
LOGIC_APP = re.compile(r"@\{triggerBody\(\)((?:\?\['\w+'\])+)\}")


def under(document: Any, path: list[str]) -> Any:
    """Return what lies under the names of *path*, or None."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def for_slack(document: dict[str, Any]) -> str:
    """Return the text that the Logic App of the page makes of an alert."""
    [body] = re.findall(r"`\{\"text\": \"(@.+?)\"\}`", TEXT)
    return LOGIC_APP.sub(lambda found: str(under(document, re.findall(r"\['(\w+)'\]", found[1]))), body)


async def test_a_local_receiver_reads_an_alert_as_the_page_says() -> None:
    received: list[str] = []

    async def take(request: web.Request) -> web.Response:
        received.append(for_slack(await request.json()))
        return web.Response(status=202)

    app = web.Application()
    app.router.add_post("/alerts", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        address = f"http://127.0.0.1:{runner.addresses[0][1]}/alerts"
        async with ClientSession() as session, session.post(address, data=ALERT) as answer:
            assert answer.status == 202
    finally:
        await runner.cleanup()
    assert received == ["A run failed: Fired"]


def test_every_field_that_the_page_names_is_one_of_the_schema() -> None:
    alert = json.loads(ALERT)
    [line] = [each for each in TEXT.splitlines() if each.startswith("What the message has")]
    essentials = set(re.findall(r"`(?:data\.essentials\.)?(alertRule|severity|monitorCondition|description)`", line))
    assert essentials == {"alertRule", "severity", "monitorCondition", "description"}
    assert essentials <= alert["data"]["essentials"].keys()
    assert "`data.alertContext.condition.allOf[0].dimensions`" in line
    assert alert["data"]["alertContext"]["condition"]["allOf"][0]["dimensions"][0]["name"] == "export"
