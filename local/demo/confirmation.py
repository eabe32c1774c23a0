"""Shows what would be sent to the real Klaviyo, and asks for confirmation."""

import asyncio
from pathlib import Path

import aiohttp

from local.demo.options import TRIED_ROWS, DemoOptions
from local.demo.rows import count_rows
from local.demo.system import SECRET_NAME, SIMULATED_KEY
from local.processes import LocalProblem
from shared.adapters.azure.secrets import SettingsSecrets
from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSinks
from shared.domain.errors import ExportError
from shared.wiring import SystemClock


async def confirm(demo: DemoOptions, klaviyo_url: str, path: Path) -> None:
    """Show account, list, number of rows and fields, and ask; raises `LocalProblem` unless the answer is yes."""
    rows = count_rows(path)
    account, list_name = await _look(demo, klaviyo_url)
    sent = rows if demo.send_all else min(rows, TRIED_ROWS)
    print(f"Account: {account}")
    print(f"List:    {list_name} ({demo.list_id})")
    print(f"Rows:    {sent:,} of {rows:,}" + ("" if demo.send_all or rows == sent else " (--all sends them all)"))
    print(f"Fields:  {', '.join(demo.mapping)}")
    print("Klaviyo can send e-mail to people on the list, and can bill for them. An import subscribes nobody.")
    if demo.ask_first and not await _confirmed():
        raise LocalProblem("Nothing was sent.")


async def _look(demo: DemoOptions, klaviyo_url: str) -> tuple[str, str]:
    secrets = SettingsSecrets({"SECRET_KLAVIYO_DEMO": demo.key or SIMULATED_KEY})
    async with aiohttp.ClientSession() as session:
        sink = KlaviyoSinks(session, klaviyo_url, secrets, clock=SystemClock(), draw=lambda: 0.5)(SECRET_NAME)
        try:
            account, found_list = await sink.account(), await sink.list_details(demo.list_id)
        except ExportError as error:
            raise LocalProblem(str(error)) from error
    return f"{account.name}{' (a test account)' if account.is_test else ''}", found_list.name


async def _confirmed() -> bool:
    try:
        answer = await asyncio.to_thread(input, "Send? Type yes: ")
    except EOFError:
        return False
    return answer.strip().lower() == "yes"
