"""What a person reads at the end; no I/O."""

from collections import Counter
from collections.abc import Iterator, Mapping

from local.chaos.ledger import Result
from local.chaos.verdict import Wrong

SHOWN = 10


def report(result: Result) -> Iterator[str]:
    """Yield the lines that tell what was done to the product and what came of it."""
    yield from _done(result)
    yield from _came_of_it(result)
    yield _line("seconds", f"{result.seconds:,.0f}")


def complaints(result: Result, *, seed: int) -> Iterator[str]:
    """Yield what is wrong, some of each kind, under the seed with which it happened; nothing when all is well."""
    problems = [*result.problems()]
    if not problems:
        return
    yield f"Seed {seed}:"
    for wrong in Wrong:
        found = [problem.where for problem in problems if problem.wrong is wrong]
        yield from (f"  {wrong}: {where}" for where in found[:SHOWN])
        if len(found) > SHOWN:
            yield f"  {wrong}: … and {len(found) - SHOWN:,} more"


def _done(result: Result) -> Iterator[str]:
    ledger, stats = result.ledger, result.stats
    hits = f"{ledger.hits} while legs were at work, {ledger.legs_killed} legs died; {ledger.outages} times both hosts"
    yield _line("kills", ledger.kills, hits)
    troubles = f"the queue was emptied {ledger.lost} times, {ledger.garbage} messages were garbage"
    yield _line("wake-ups doubled", ledger.doubled, troubles)
    yield _line("faults injected", sum(stats["faults"].values()), _counts(stats["faults"]))
    jobs: Counter[str] = Counter()
    for account in stats["accounts"].values():
        jobs.update(account["jobs"])
    yield _line("import jobs", sum(jobs.values()), _counts(jobs))
    requests = sum(sum(outcomes.values()) for outcomes in stats["requests"].values())
    imports = stats["requests"].get("bulk_import_profiles", {})
    yield _line("requests", requests, f"{sum(imports.values()):,} imports: {_counts(imports)}")


def _came_of_it(result: Result) -> Iterator[str]:
    findings = result.findings
    outcomes = {name: count for name, count in findings.tally.items() if name != "read"}
    yield _line("runs", sum(findings.endings.values()), _counts(findings.endings))
    yield _line("rows", findings.tally["read"], _counts(outcomes))
    yield _line("functions failed", result.ledger.failed)
    yield _line("repeats", result.repeats, f"of {findings.sent:,} profiles, at most {result.most_repeats:,} allowed")
    found = Counter(problem.wrong for problem in result.problems())
    for wrong in Wrong:
        yield _line(wrong, found[wrong])


def _line(name: str, value: int | str, more: str = "") -> str:
    shown = f"{value:,}" if isinstance(value, int) else value
    return f"{name:<20} {shown:>11}" + (f"   {more}" if more else "")


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
