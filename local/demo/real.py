"""Looks before it leaps: shows what would go to the real Klaviyo, and asks."""

import asyncio
from pathlib import Path

import aiohttp

from local.demo.rows import count_rows
from local.demo.stage import SECRET_NAME, SIMULATED_KEY
from local.demo.wish import TRIED_ROWS, DemoWish
from local.processes import LocalProblem
from shared.adapters.azure.secrets import SettingsSecrets
from shared.adapters.klaviyo.sink import KlaviyoSinks
from shared.domain.errors import ExportError
from shared.wiring import SystemClock


async def agree(wish: DemoWish, klaviyo_url: str, path: Path) -> None:
    """Show account, list and number of rows, and ask; raises `LocalProblem` when the answer is no."""
    rows = count_rows(path)
    account, list_name = await _look(wish, klaviyo_url)
    sent = rows if wish.send_all else min(rows, TRIED_ROWS)
    print(f"Account: {account}")
    print(f"List:    {list_name} ({wish.list_id})")
    print(f"Rows:    {sent:,} of {rows:,}" + ("" if wish.send_all or rows == sent else " (--all sends them all)"))
    print(f"Fields:  {', '.join(wish.mapping)}")
    print("People in the list can be e-mailed and can count for Klaviyo's bill. Nobody is subscribed by an import.")
    if wish.ask_first and not await _confirmed():
        raise LocalProblem("Nothing was sent.")


async def _look(wish: DemoWish, klaviyo_url: str) -> tuple[str, str]:
    secrets = SettingsSecrets({"SECRET_KLAVIYO_DEMO": wish.key or SIMULATED_KEY})
    async with aiohttp.ClientSession() as session:
        sink = KlaviyoSinks(session, klaviyo_url, secrets, clock=SystemClock(), draw=lambda: 0.5)(SECRET_NAME)
        try:
            account, found_list = await sink.account(), await sink.list_details(wish.list_id)
        except ExportError as error:
            raise LocalProblem(str(error)) from error
    return f"{account.name}{' (a test account)' if account.is_test else ''}", found_list.name


async def _confirmed() -> bool:
    try:
        answer = await asyncio.to_thread(input, "Send? Type yes: ")
    except EOFError:
        return False
    return answer.strip().lower() == "yes"
