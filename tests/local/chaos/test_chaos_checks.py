"""The checks find every row that is lost, invented, altered or rejected twice, and name no person."""

from typing import Any

from local.chaos.checks import Problem, ProblemKind, RunResult, check_list, check_order, check_refused, check_run
from local.chaos.expected import Expected, attributes_hash, profile
from local.samples import Kind

FILE = "vip/a.ndjson"
KINDS = (Kind.GOOD, Kind.GOOD, Kind.BAD, Kind.REFUSED, Kind.LATE, Kind.DUPLICATE, Kind.GOOD)
EMAILS = ("one", "two", "three", "four", "five", "one", "seven")
WHOLE = [[FILE, 1, 7]]


def row(number: int) -> dict[str, Any]:
    return {
        "CustomerId": f"C-{number}",
        "EMail": f"{EMAILS[number - 1]}@example.com",
        "FirstName": "Zoë",
        "LastName": "Nguyen",
        "Phone": "12-34" if number == 2 else f"+38067123456{number}",
        "City": "Cork",
        "Country": "Ireland",
        "LoyaltyTier": "gold",
        "Points": number,
        "LastPurchase": "2026-01-02",
    }


def expected() -> Expected:
    made = Expected()
    for number, kind in enumerate(KINDS, 1):
        made.add((FILE, number), kind, row(number))
    return made


def line(number: int | None, refused_by: str, *, email: str | None = None, rows: Any = None) -> dict[str, Any]:
    fields = {"email": f"{email}@example.com"} if email else {}
    return {"blob": FILE, "row": number, "rows": rows, "refused_by": refused_by, "fields": fields}


BAD, REFUSED = line(3, "export"), line(4, "klaviyo", email="four")
LATE = line(None, "klaviyo", email="five", rows=WHOLE)
NAMELESS = line(None, "klaviyo", rows=WHOLE)


def run_result(
    *rejections: dict[str, Any],
    unconfirmed: tuple[dict[str, Any], ...] = (),
    status: str = "partial",
    counts: dict[str, int] | None = None,
) -> RunResult:
    tally = {"read": 7, "accepted": 3, "unchanged": 0, "duplicates": 1, "rejected": 3, "unconfirmed": 0}
    tally |= counts or {}
    error = {"detail": "Five legs died."} if status == "failed" else None
    run = {
        "id": "r",
        "export_id": "vip",
        "status": status,
        "error": error,
        "tally": tally,
        "left_out": {"phone_number": 1},
    }
    return RunResult(run, rejections or (BAD, REFUSED, LATE), unconfirmed)


def members(*leave_out: int, **others: int) -> dict[str, int]:
    good = [number for number in (1, 2, 7) if number not in leave_out]
    emails = {number: f"{EMAILS[number - 1]}@example.com" for number in good}
    prints = {email: attributes_hash(profile(row(number), email, is_text=False)) for number, email in emails.items()}
    return {**prints, **{f"{name}@example.com": value for name, value in others.items()}}


def checked(result: RunResult) -> list[Problem]:
    return list(check_run(expected(), result))


def kinds(result: RunResult) -> list[ProblemKind]:
    return [problem.kind for problem in checked(result)]


def test_a_run_that_tells_the_truth_has_no_problem() -> None:
    assert checked(run_result()) == []
    assert checked(run_result(BAD, REFUSED, NAMELESS)) == []
    assert list(check_list(expected(), members(), [run_result()])) == []


def test_a_row_without_its_rejection_is_lost() -> None:
    for rejections in ((REFUSED, LATE), (BAD, LATE), (BAD, REFUSED)):
        assert kinds(run_result(*rejections, counts={"rejected": 2, "accepted": 4})) == [ProblemKind.LOST]


def test_a_rejection_that_stands_there_twice_is_found() -> None:
    for again in (BAD, REFUSED, LATE):
        assert kinds(run_result(BAD, REFUSED, LATE, again, counts={"rejected": 4, "accepted": 2})) == [
            ProblemKind.REJECTED_TWICE
        ]


def test_a_rejection_of_no_refused_row_is_invented() -> None:
    strangers = (line(1, "export"), line(2, "klaviyo"), line(None, "klaviyo", email="one", rows=WHOLE), NAMELESS)
    for stranger in strangers:
        assert kinds(run_result(BAD, REFUSED, LATE, stranger, counts={"rejected": 4, "accepted": 2})) == [
            ProblemKind.INVENTED
        ]


def test_a_nameless_rejection_of_other_rows_does_not_stand_for_a_late_one() -> None:
    elsewhere = line(None, "klaviyo", rows=[[FILE, 1, 2]])
    assert kinds(run_result(BAD, REFUSED, elsewhere)) == [ProblemKind.LOST, ProblemKind.INVENTED]


def test_each_count_of_the_tally_is_checked() -> None:
    for name in ("read", "accepted", "unchanged", "duplicates", "rejected", "unconfirmed"):
        assert kinds(run_result(counts={name: 9})) == [ProblemKind.COUNTED]
    result = run_result()
    assert kinds(RunResult({**result.run, "left_out": {}}, result.rejections, ())) == [ProblemKind.COUNTED]


def test_a_run_that_ended_otherwise_says_why() -> None:
    [problem] = checked(run_result(status="failed"))
    assert problem == Problem(ProblemKind.ENDED, "vip/r failed: Five legs died.")


def test_unconfirmed_rows_need_no_rejection_and_no_place_on_the_list() -> None:
    job = {"rows": [[FILE, 1, 6]], "profiles": 3}
    result = run_result(BAD, REFUSED, unconfirmed=(job,), counts={"rejected": 2, "accepted": 1, "unconfirmed": 3})
    assert checked(result) == []
    assert list(check_list(expected(), members(1, 2), [result])) == []


def test_unconfirmed_jobs_must_count_their_own_profiles() -> None:
    job = {"rows": [[FILE, 1, 6]], "profiles": 4}
    result = run_result(BAD, REFUSED, unconfirmed=(job,), counts={"rejected": 2, "accepted": 1, "unconfirmed": 3})
    assert kinds(result) == [ProblemKind.COUNTED]


def test_a_good_row_that_is_not_on_the_list_is_lost_unless_every_run_leaves_it_open() -> None:
    open_one = run_result(unconfirmed=({"rows": [[FILE, 1, 1]], "profiles": 1},))
    [lost] = check_list(expected(), members(1), [open_one, run_result()])
    assert lost == Problem(ProblemKind.LOST, f"vip, {FILE} row 1: not on the list")
    assert list(check_list(expected(), members(1), [open_one])) == []


def test_a_profile_that_no_row_called_for_is_invented_and_not_named() -> None:
    problems = list(check_list(expected(), members(five=1, nobody=2), [run_result()]))
    assert {problem.where for problem in problems} == {
        f"vip: {FILE} row 5, which Klaviyo refuses",
        "vip: a profile of no row of the segment",
    }
    assert {problem.kind for problem in problems} == {ProblemKind.INVENTED}


def test_other_attributes_are_found() -> None:
    assert list(check_list(expected(), members(one=1), [run_result()])) == [
        Problem(ProblemKind.ALTERED, f"vip, {FILE} row 1")
    ]


def test_a_cancelled_run_is_held_to_the_rows_that_it_has_done() -> None:
    first = Expected()
    for number, kind in enumerate(KINDS[:3], 1):
        first.add((FILE, number), kind, row(number))
    counts = {"read": 3, "accepted": 2, "duplicates": 0, "rejected": 1}
    whole = run_result(BAD, status="cancelled", counts=counts)
    stopped = RunResult(whole.run, whole.rejections, (), first)
    assert list(check_run(first, stopped)) == []
    assert list(check_list(expected(), members(7), [stopped])) == []
    assert list(check_list(expected(), members(), [stopped])) == []
    assert [each.kind for each in check_list(expected(), members(2), [stopped])] == [ProblemKind.LOST]
    assert [each.kind for each in check_list(expected(), members(7), [stopped, run_result()])] == [ProblemKind.LOST]


def test_a_run_that_must_be_refused_fails_with_that_sentence_and_counts_nothing() -> None:
    nothing = dict.fromkeys(("read", "accepted", "duplicates", "rejected"), 0)
    failed = run_result(status="failed", counts=nothing).run
    good = {**failed, "error": {"code": "header_unreadable", "detail": "…"}}
    assert list(check_refused("header_unreadable", RunResult(good, (), ()))) == []
    assert list(check_refused("header_unreadable", RunResult({**good, "status": "cancelled"}, (), ()))) == []
    for run, kind in (
        (failed, ProblemKind.ENDED),
        ({**good, "status": "succeeded"}, ProblemKind.ENDED),
        ({**good, "tally": {"read": 1}}, ProblemKind.INVENTED),
    ):
        assert [each.kind for each in check_refused("header_unreadable", RunResult(run, (), ()))] == [kind]


def test_a_run_that_began_before_the_one_before_had_ended_is_found() -> None:
    def run(name: str, started_at: str | None, ended_at: str) -> RunResult:
        return RunResult({"id": name, "export_id": "vip", "started_at": started_at, "ended_at": ended_at}, (), ())

    one, two, never = run("one", "10:00", "10:05"), run("two", "10:05", "10:09"), run("never", None, "10:02")
    assert list(check_order([two, never, one])) == []
    early = run("early", "10:04", "10:09")
    assert list(check_order([early, one])) == [Problem(ProblemKind.AT_ONCE, "vip/early began before one had ended")]


def test_no_problem_names_a_person() -> None:
    results = [run_result(LATE, LATE, line(1, "klaviyo", email="one"), line(None, "klaviyo", email="two", rows=WHOLE))]
    problems = [*checked(results[0]), *check_list(expected(), members(1, five=3, seven=4), results)]
    assert len(problems) > 5
    assert not [problem for problem in problems if "@" in problem.where]
