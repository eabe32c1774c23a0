"""The bills of docs/deploy.md add up, and each price of another service has its source."""

import re
from pathlib import Path

import pytest

from local.bench.costs.bill import MEMORY_GB, OFTEN_ASKED_ALERTS, RARELY_ASKED_ALERTS
from local.bench.costs.document import IDLE_MONTH, LARGE_RUN, TOGETHER, Service, services
from tests.infra.snapshots.evaluated import kept
from tests.infra.snapshots.templates import parameters

TEXT = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text(encoding="utf-8")
TIMES = "\N{MULTIPLICATION SIGN}"
NUMBER = r"[\d,]+(?:\.\d+)?"
PRODUCT = re.compile(rf"({NUMBER}) {TIMES} ({NUMBER}) = ({NUMBER})")
SUM = re.compile(rf"({NUMBER}(?: \+ {NUMBER})+) = ({NUMBER})")
DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]+ 20\d\d\b")


def number(text: str) -> float:
    return float(text.replace(",", ""))


def between(mark: str) -> str:
    return TEXT.split(f"<!-- {mark} -->\n")[1].split(f"<!-- /{mark} -->")[0]


@pytest.mark.parametrize("mark", [IDLE_MONTH, LARGE_RUN])
def test_a_bill_multiplies_and_adds_up(mark: str) -> None:
    *items, total = between(mark).splitlines()[2:]
    assert len(items) >= 7
    amounts = []
    for line in items:
        *_, price, amount = [cell.strip() for cell in line.strip("|").split("|")]
        if found := PRODUCT.search(price):
            units, each, product = found.groups()
            half = 0.5 / 10 ** len(product.partition(".")[2])
            assert abs(number(units) * number(each) - number(product)) <= half * 1.01, line
            assert amount == f"{product} USD"
        else:
            assert (price.endswith("are free"), number(amount.removesuffix(" USD"))) == (True, 0), line
        amounts.append(number(amount.removesuffix(" USD")))
    added = SUM.search(total)
    assert added
    assert [number(each) for each in added[1].split(" + ")] == [amount for amount in amounts if amount]
    assert number(added[2]) == pytest.approx(sum(amounts))


def test_what_a_month_with_a_run_costs_is_the_sum_of_both_bills() -> None:
    added = SUM.search(between(TOGETHER))
    assert added
    bills = [float(SUM.findall(between(mark))[-1][1]) for mark in (IDLE_MONTH, LARGE_RUN)]
    assert [number(each) for each in added[1].split(" + ")] == [round(each, 2) for each in bills]
    assert number(added[2]) == pytest.approx(sum(round(each, 2) for each in bills))


def test_the_alerts_and_the_memory_of_the_bill_are_those_that_are_deployed() -> None:
    assert parameters()["instanceMemoryMB"]["defaultValue"] == MEMORY_GB * 1024
    rules = kept("default").of_type("Microsoft.Insights/scheduledQueryRules")
    asked = [rule["properties"]["evaluationFrequency"] for rule in rules]
    assert asked.count("PT5M") == OFTEN_ASKED_ALERTS
    assert len(asked) - asked.count("PT5M") == RARELY_ASKED_ALERTS


@pytest.mark.parametrize("service", services(TEXT), ids=lambda service: service.name.split()[0])
def test_what_another_service_costs_has_an_address_and_a_day_or_was_not_found(service: Service) -> None:
    assert re.search(r"\]\(https://[^)]+\)", service.source)
    assert DATE.search(service.source)
    assert "USD" in service.million or "no public price found" in service.million
    # What somebody else quotes is a guess.
    assert ("quoted" in service.source) == ("(guess)" in service.million)
