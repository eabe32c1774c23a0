"""The bills in ``docs/deploy.md``, as this command writes them, and what the document says of other services."""

from dataclasses import dataclass

from local.bench.costs.bill import Bill
from local.bench.costs.prices import DOCUMENT, table_below
from local.bench.written import replaced
from local.processes import LocalProblem

IDLE_MONTH, LARGE_RUN, TOGETHER = "idle month", "large run", "together"
"""The marks in the document, between which a bill stands."""
_SERVICES = "| service | counts | published price |"


@dataclass(frozen=True, slots=True)
class Service:
    """A service that does the same, with what it publishes of its price, and where and when that was read."""

    name: str
    counts: str
    price: str
    million: str
    source: str


def services(text: str | None = None) -> list[Service]:
    """Return the other services of the document, or of its *text*."""
    rows = table_below(_SERVICES, DOCUMENT.read_text(encoding="utf-8") if text is None else text)
    return [Service(*row) for row in rows]


def with_bills(text: str, idle: Bill, run: Bill) -> str:
    """Return the document *text* with the two bills, and with what an idle month and one such run cost together."""
    month, million = f"{idle.total:.2f}", f"{run.total:.2f}"
    together = (
        f"An idle month and one run of a million profiles: {month} + {million} = {together_usd(idle, run)} USD.\n"
    )
    try:
        text = replaced(text, IDLE_MONTH, markdown(idle, "a month", f"about {idle.total:.0f} USD"))
        text = replaced(text, LARGE_RUN, markdown(run, "each million", f"about {run.total * 100:.0f} cents"))
        return replaced(text, TOGETHER, together)
    except ValueError as error:
        raise LocalProblem(f"docs/deploy.md cannot take the bills: {error}") from error


def together_usd(idle: Bill, run: Bill) -> str:
    """Return what both bills come to, each rounded to cents before."""
    return f"{round(idle.total, 2) + round(run.total, 2):.2f}"


def markdown(bill: Bill, per: str, all_in_all: str) -> str:
    """Return *bill* as a table of the document, *per* what, with the sum *all_in_all*."""
    lines = [f"| what | counted | price | {per} |", "|---|---|---|---|"]
    for item in bill.items:
        amount = f"{item.amount:.{bill.digits}f} USD"
        lines.append(f"| {item.what} | {item.counted} | {item.worked_out(bill.digits)} | {amount} |")
    lines.append(f"| **all** | | {bill.added_up()} | **{all_in_all}** |")
    return "".join(f"{line}\n" for line in lines)
