"""``python -m local costs``: counts what Azure bills for a large run and for an idle month, and what that costs."""

import argparse
from collections.abc import AsyncIterator

from local.bench.costs import bill
from local.bench.costs.bill import Bill
from local.bench.costs.counting import Kind
from local.bench.costs.document import Service, services, together_usd, with_bills
from local.bench.costs.idle_hour import idle_hour
from local.bench.costs.large_run import large_run
from local.bench.costs.prices import DOCUMENT, Prices, without_marks
from local.bench.costs.usage import Usage
from local.bench.table import Figure, aligned, table
from local.processes import LocalProblem

ROWS = 1_000_000
EXPORTS = 10
_MEGA = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N", help="rows of the run (default: %(default)s)")
    parser.add_argument(
        "--exports", type=int, default=EXPORTS, metavar="N", help="exports in the idle hour (default: %(default)s)"
    )
    parser.add_argument("--write", action="store_true", help="write both bills into docs/deploy.md")


async def run(arguments: argparse.Namespace) -> int:
    """Count and print."""
    if arguments.write and (arguments.rows, arguments.exports) != (ROWS, EXPORTS):
        raise LocalProblem(f"docs/deploy.md tells of {ROWS:,} rows and {EXPORTS} exports: leave out the other options.")
    prices = Prices.read()  # before the minutes that counting takes
    idle = await idle_hour(arguments.exports)
    print(f"… an idle hour with {arguments.exports} scheduled exports", flush=True)
    looking = await idle_hour(arguments.exports, waits_for_data=True)
    print(f"… an idle hour with {arguments.exports} exports that wait for new data", flush=True)
    large = await large_run(arguments.rows)
    print(f"… a run of {arguments.rows:,} rows\n", flush=True)
    looks = _figures("idle hour with looks for new data", looking)
    print(table([*_figures("idle hour", idle), *looks, *_figures("run", large)]))
    month, million = bill.idle_month(idle, prices), bill.large_run(large, prices)
    print(f"\nAn idle month with {arguments.exports} scheduled exports:\n\n{shown(month)}")
    print(f"\nA run of {arguments.rows:,} rows, as if nothing was free any more:\n\n{shown(million)}")
    print(f"\nThe list prices, without tax, from docs/deploy.md:\n\n{_prices(month, million)}")
    together = f"{together_usd(month, million)} USD for an idle month and one run of {arguments.rows:,} rows"
    print(f"\nBeside other services, as far as they publish prices; here {together}:\n\n{_beside(services())}")
    if arguments.write:
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(with_bills(text, month, million), encoding="utf-8")
    return 0


async def measure(rows: int) -> AsyncIterator[Figure]:
    """Yield what an idle month and a run of *rows* rows cost."""
    prices = Prices.read()
    month = bill.idle_month(await idle_hour(EXPORTS), prices)
    yield Figure(f"an idle month with {EXPORTS} scheduled exports", f"{month.total:.2f} USD")
    one = bill.large_run(await large_run(rows), prices)
    yield Figure(f"a run of {rows:,} rows, beside that", f"{one.total:.4f} USD")


def shown(of: Bill) -> str:
    """Return a bill as a terminal shows it."""
    rows = [("what", "counted", "price", "USD")]
    rows += [(each.what, each.counted, each.worked_out(of.digits), f"{each.amount:.{of.digits}f}") for each in of.items]
    return aligned([*rows, ("all", "", "", f"{of.total:.{of.digits}f}")])


def _prices(*bills: Bill) -> str:
    items = [item for each in bills for item in each.items]
    used = {price.unit: price for item in items for price in (item.price, item.free) if price}
    return "\n".join(
        f"{each.text}{'' if each.unit.endswith(bill.FREE) else ' USD for'} {each.unit}: "
        f"{'a guess' if each.is_guess else 'read'}, {without_marks(each.source)}"
        for each in used.values()
    )


def _beside(others: list[Service]) -> str:
    paragraphs = (
        f"{each.name} counts {each.counts}.\n  Published: {each.price}\n"
        f"  A month with 1,000,000 rows: {each.million}\n  From: {each.source}"
        for each in others
    )
    return "\n".join(map(without_marks, paragraphs))


def _figures(what: str, usage: Usage) -> list[Figure]:
    figures = [Figure(f"{what}: {kind} requests to blobs", f"{usage.requests[kind]:,}") for kind in Kind]
    figures += [Figure(f"{what}: calls of {name}", f"{count:,}") for name, count in sorted(usage.executions.items())]
    figures.append(Figure(f"{what}: billed seconds", f"{usage.billed_seconds:,.1f}"))
    if usage.sent_bytes:
        figures.append(Figure(f"{what}: sent to Klaviyo", f"{usage.sent_bytes / _MEGA:,.0f} MB"))
    return figures
