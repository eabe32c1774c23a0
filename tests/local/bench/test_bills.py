"""What counts come to with the prices of the document."""

from collections import Counter

import pytest

from local.bench.costs.bill import Bill, Item, idle_month, large_run
from local.bench.costs.command import shown
from local.bench.costs.counting import Kind
from local.bench.costs.document import markdown, services, together_usd, with_bills
from local.bench.costs.prices import Price, Prices, without_marks
from local.bench.costs.usage import Usage
from local.processes import LocalProblem

TIMES = "\N{MULTIPLICATION SIGN}"
READS = Price("0.004", "10,000 reads", is_guess=False, source="a list")
GRANT = Price("5", "GB of logs a month, free", is_guess=False, source="a list")
LOGS = Price("2.76", "GB of logs", is_guess=True, source="a guess")
PRICES = """
| price | unit | how sure | where from, and when |
|---|---|---|---|
| 0.000026 | GB-s, on demand | read | [a list](https://example.com/a), 3 October 2026 |
| 1,250.50 | 10,000 reads | guess | another *list* |
| 1 kB | logged request | guess | nobody has seen one |
| which request is what |  | read | no price |

| 7 | of another table | read | elsewhere |
"""


def test_a_price_is_for_as_many_as_its_unit_says() -> None:
    prices = Prices.read(PRICES)
    assert (prices.of("GB-s, on demand").amount, prices.of("GB-s, on demand").size) == (0.000026, 1)
    reads = prices.of("10,000 reads")
    assert (reads.amount, reads.size, reads.is_guess, reads.source) == (1250.5, 10_000, True, "another *list*")


@pytest.mark.parametrize("unit", ["10,000 writes", "of another table", ""])
def test_a_price_that_the_table_does_not_have_is_asked_for_by_nobody(unit: str) -> None:
    with pytest.raises(LocalProblem):
        Prices.read(PRICES).of(unit)


def test_a_document_without_the_table_has_no_prices() -> None:
    with pytest.raises(LocalProblem, match="has no table"):
        Prices.read("# Deploy\n")


@pytest.mark.parametrize(
    ("count", "free", "price", "amount", "told"),
    [
        (2_073_600, None, READS, 0.82944, f"207.36 {TIMES} 0.004 = 0.83"),
        (3, None, READS, 0.0000012, f"0.0003 {TIMES} 0.004 = 0.00"),
        (7, GRANT, LOGS, 5.52, f"5 GB of logs a month are free; 2 {TIMES} 2.76 = 5.52 (guess)"),
        (5, GRANT, LOGS, 0, "5 GB of logs a month are free"),
        (4.4, GRANT, LOGS, 0, "5 GB of logs a month are free"),
    ],
)
def test_an_item_costs_what_is_not_free_of_it(
    count: float, free: Price | None, price: Price, amount: float, told: str
) -> None:
    item = Item("something", "", count, price, free)
    assert item.amount == pytest.approx(amount)
    assert item.worked_out(digits=2) == told


def test_a_bill_adds_up_what_it_shows() -> None:
    third = Price("0.333", "call", is_guess=False, source="")
    bill = Bill([Item("a", "1", 1, third), Item("b", "1", 1, third), Item("c", "0", 0, third)], digits=2)
    assert bill.added_up() == "0.33 + 0.33 = 0.66"
    assert shown(bill).splitlines()[-1].split() == ["all", "0.66"]
    assert markdown(bill, "a month", "about nothing").splitlines()[2:] == [
        f"| a | 1 | 1 {TIMES} 0.333 = 0.33 | 0.33 USD |",
        f"| b | 1 | 1 {TIMES} 0.333 = 0.33 | 0.33 USD |",
        f"| c | 0 | 0 {TIMES} 0.333 = 0.00 | 0.00 USD |",
        "| **all** | | 0.33 + 0.33 = 0.66 | **about nothing** |",
    ]


def test_every_count_of_an_hour_and_of_a_run_is_on_its_bill() -> None:
    requests = Counter({Kind.WRITE: 10_000, Kind.LIST: 20_000, Kind.READ: 30_000, Kind.OTHER: 40_000, Kind.FREE: 9})
    usage = Usage(requests, Counter(leg=100_000), billed_seconds=500.0, sent_bytes=2_000_000_000)
    prices = Prices.read()

    run = {item.what: item.amount for item in large_run(usage, prices).items}
    assert run == pytest.approx(
        {
            "calls of functions": 10_000 * prices.of("10 calls").amount,
            "memory while they run": 1_000 * prices.of("GB-s, on demand").amount,
            "requests that write blobs": prices.of("10,000 writes").amount,
            "requests that list blobs": 2 * prices.of("10,000 listings").amount,
            "requests that read blobs": 3 * prices.of("10,000 reads").amount,
            "other requests to blobs": 4 * prices.of("10,000 others").amount,
            "sent to Klaviyo": 2 * prices.of("GB to the internet").amount,
        }
    )
    month = {item.what: item for item in idle_month(usage, prices).items}
    assert month["calls of functions"].count == 72_000_000
    assert month["memory while they run"].count == 720_000
    assert month["memory while they run"].free == prices.of("GB-s a month, free")
    assert month["requests that read blobs"].count == 21_600_000
    assert month["requests that list blobs"].count == 14_400_000
    assert month["requests that write blobs: the note on each tick"].count == 7_200_000


def test_the_bills_are_written_between_their_marks_and_nowhere_else() -> None:
    marks = ("idle month", "large run", "together")
    text = "before\n" + "".join(f"<!-- {mark} -->\nold\n<!-- /{mark} -->\nand\n" for mark in marks)
    idle, run = Bill([Item("hour", "", 3, LOGS)], digits=2), Bill([Item("run", "", 70_000, READS)], digits=4)
    written = with_bills(text, idle, run)

    assert together_usd(idle, run) == "8.31"
    assert "8.28 + 0.03 = 8.31 USD" in written
    assert ("**about 8 USD**" in written, "**about 3 cents**" in written, "old" in written) == (True, True, False)
    assert written.startswith("before\n<!-- idle month -->\n| what |")
    assert with_bills(written, idle, run) == written
    with pytest.raises(LocalProblem, match="no place for: together"):
        with_bills(text.replace("together", "apart"), idle, run)


def test_what_is_published_of_other_services_is_read_from_the_document() -> None:
    assert [each.name.split()[0].strip(",") for each in services()] == ["Hightouch", "Census", "Segment"]


def test_a_terminal_shows_no_marks_and_the_address_of_a_link() -> None:
    assert without_marks("[a list](https://example.com/a), *read*, `x`") == "a list (https://example.com/a), read, x"
