"""The report that a person reads at the end of a chaos test; no I/O."""

from collections import Counter
from collections.abc import Iterator, Mapping

from local.chaos.checks import ProblemKind
from local.chaos.result import Result

SHOWN = 10


def report(result: Result) -> Iterator[str]:
    """Yield the lines of the report: the disruptions, then the outcome."""
    yield from _disruptions(result)
    yield from _outcome(result)
    yield _line("seconds", f"{result.seconds:,.0f}")


def complaints(result: Result, *, seed: int) -> Iterator[str]:
    """Yield the seed and at most `SHOWN` problems of each kind; yield nothing when there is no problem."""
    problems = [*result.problems()]
    if not problems:
        return
    yield f"Seed {seed}:"
    for kind in ProblemKind:
        found = [problem.where for problem in problems if problem.kind is kind]
        yield from (f"  {kind}: {where}" for where in found[:SHOWN])
        if len(found) > SHOWN:
            yield f"  {kind}: … and {len(found) - SHOWN:,} more"


def _disruptions(result: Result) -> Iterator[str]:
    counts, stats = result.counts, result.stats
    hits = f"{counts.hits} while legs were at work, {counts.legs_killed} legs died; {counts.outages} times both hosts"
    yield _line("kills", counts.kills, hits)
    yield _line("deaths", sum(counts.deaths.values()), _counts(counts.deaths))
    troubles = f"the queue was emptied {counts.lost} times, {counts.garbage} messages were garbage"
    yield _line("wake-ups doubled", counts.doubled, troubles)
    yield _line("double clicks", counts.double_clicks, f"{counts.cancels} runs were asked to stop")
    yield _line("faults injected", sum(stats["faults"].values()), _counts(stats["faults"]))
    jobs: Counter[str] = Counter()
    for account in stats["accounts"].values():
        jobs.update(account["jobs"])
    yield _line("import jobs", sum(jobs.values()), _counts(jobs))
    requests = sum(sum(outcomes.values()) for outcomes in stats["requests"].values())
    imports = stats["requests"].get("bulk_import_profiles", {})
    yield _line("requests", requests, f"{sum(imports.values()):,} imports: {_counts(imports)}")


def _outcome(result: Result) -> Iterator[str]:
    comparison = result.comparison
    outcomes = {name: count for name, count in comparison.tally.items() if name != "read"}
    yield _line("runs", sum(comparison.endings.values()), _counts(comparison.endings))
    yield _line("rows", comparison.tally["read"], _counts(outcomes))
    yield _line("functions failed", result.counts.failed)
    yield _line("repeats", result.repeats, f"of {comparison.sent:,} profiles, at most {result.most_repeats:,} allowed")
    found = Counter(problem.kind for problem in result.problems())
    for kind in ProblemKind:
        yield _line(kind, found[kind])


def _line(name: str, value: int | str, more: str = "") -> str:
    shown = f"{value:,}" if isinstance(value, int) else value
    return f"{name:<20} {shown:>11}" + (f"   {more}" if more else "")


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
