"""The verdict finds every row that is lost, invented, altered or rejected twice, and names no person."""

from typing import Any

from local.chaos.truth import Truth, print_of, profile
from local.chaos.verdict import Problem, Story, Wrong, judge_list, judge_run
from local.segment import Kind

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
        "Phone": "12-34" if number == 2 else "+380671234567",
        "City": "Cork",
        "Country": "Ireland",
        "LoyaltyTier": "gold",
        "Points": number,
        "LastPurchase": "2026-01-02",
    }


def truth() -> Truth:
    made = Truth()
    for number, kind in enumerate(KINDS, 1):
        made.add((FILE, number), kind, row(number))
    return made


def line(number: int | None, refused_by: str, *, email: str | None = None, rows: Any = None) -> dict[str, Any]:
    fields = {"email": f"{email}@example.com"} if email else {}
    return {"blob": FILE, "row": number, "rows": rows, "refused_by": refused_by, "fields": fields}


BAD, REFUSED = line(3, "export"), line(4, "klaviyo", email="four")
LATE = line(None, "klaviyo", email="five", rows=WHOLE)
NAMELESS = line(None, "klaviyo", rows=WHOLE)


def story(
    *rejections: dict[str, Any],
    unconfirmed: tuple[dict[str, Any], ...] = (),
    status: str = "partial",
    counts: dict[str, int] | None = None,
) -> Story:
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
    return Story(run, rejections or (BAD, REFUSED, LATE), unconfirmed)


def members(*leave_out: int, **others: int) -> dict[str, int]:
    good = [number for number in (1, 2, 7) if number not in leave_out]
    emails = {number: f"{EMAILS[number - 1]}@example.com" for number in good}
    prints = {email: print_of(profile(row(number), email, is_text=False)) for number, email in emails.items()}
    return {**prints, **{f"{name}@example.com": value for name, value in others.items()}}


def judged(told: Story) -> list[Problem]:
    return list(judge_run(truth(), told))


def wrongs(told: Story) -> list[Wrong]:
    return [problem.wrong for problem in judged(told)]


def test_a_run_that_tells_the_truth_has_no_problem() -> None:
    assert judged(story()) == []
    assert judged(story(BAD, REFUSED, NAMELESS)) == []
    assert list(judge_list(truth(), members(), [story()])) == []


def test_a_row_without_its_rejection_is_lost() -> None:
    for rejections in ((REFUSED, LATE), (BAD, LATE), (BAD, REFUSED)):
        assert wrongs(story(*rejections, counts={"rejected": 2, "accepted": 4})) == [Wrong.LOST]


def test_a_rejection_that_stands_there_twice_is_found() -> None:
    for again in (BAD, REFUSED, LATE):
        assert wrongs(story(BAD, REFUSED, LATE, again, counts={"rejected": 4, "accepted": 2})) == [Wrong.REJECTED_TWICE]


def test_a_rejection_of_no_refused_row_is_invented() -> None:
    strangers = (line(1, "export"), line(2, "klaviyo"), line(None, "klaviyo", email="one", rows=WHOLE), NAMELESS)
    for stranger in strangers:
        assert wrongs(story(BAD, REFUSED, LATE, stranger, counts={"rejected": 4, "accepted": 2})) == [Wrong.INVENTED]


def test_a_nameless_rejection_of_other_rows_does_not_stand_for_a_late_one() -> None:
    elsewhere = line(None, "klaviyo", rows=[[FILE, 1, 2]])
    assert wrongs(story(BAD, REFUSED, elsewhere)) == [Wrong.LOST, Wrong.INVENTED]


def test_each_count_of_the_tally_is_judged() -> None:
    for name in ("read", "accepted", "unchanged", "duplicates", "rejected", "unconfirmed"):
        assert wrongs(story(counts={name: 9})) == [Wrong.COUNTED]
    told = story()
    assert wrongs(Story({**told.run, "left_out": {}}, told.rejections, ())) == [Wrong.COUNTED]


def test_a_run_that_ended_otherwise_says_why() -> None:
    [problem] = judged(story(status="failed"))
    assert problem == Problem(Wrong.ENDED, "vip/r failed: Five legs died.")


def test_unconfirmed_rows_need_no_rejection_and_no_place_on_the_list() -> None:
    job = {"rows": [[FILE, 1, 6]], "profiles": 3}
    told = story(BAD, REFUSED, unconfirmed=(job,), counts={"rejected": 2, "accepted": 1, "unconfirmed": 3})
    assert judged(told) == []
    assert list(judge_list(truth(), members(1, 2), [told])) == []


def test_unconfirmed_jobs_must_count_their_own_profiles() -> None:
    job = {"rows": [[FILE, 1, 6]], "profiles": 4}
    told = story(BAD, REFUSED, unconfirmed=(job,), counts={"rejected": 2, "accepted": 1, "unconfirmed": 3})
    assert wrongs(told) == [Wrong.COUNTED]


def test_a_good_row_that_is_not_on_the_list_is_lost_unless_every_run_leaves_it_open() -> None:
    open_one = story(unconfirmed=({"rows": [[FILE, 1, 1]], "profiles": 1},))
    [lost] = judge_list(truth(), members(1), [open_one, story()])
    assert lost == Problem(Wrong.LOST, f"vip, {FILE} row 1: not on the list")
    assert list(judge_list(truth(), members(1), [open_one])) == []


def test_a_profile_that_no_row_called_for_is_invented_and_not_named() -> None:
    problems = list(judge_list(truth(), members(five=1, nobody=2), [story()]))
    assert {problem.where for problem in problems} == {
        f"vip: {FILE} row 5, which Klaviyo refuses",
        "vip: a profile of no row of the segment",
    }
    assert {problem.wrong for problem in problems} == {Wrong.INVENTED}


def test_other_attributes_are_found() -> None:
    assert list(judge_list(truth(), members(one=1), [story()])) == [Problem(Wrong.ALTERED, f"vip, {FILE} row 1")]


def test_no_problem_names_a_person() -> None:
    stories = [story(LATE, LATE, line(1, "klaviyo", email="one"), line(None, "klaviyo", email="two", rows=WHOLE))]
    problems = [*judged(stories[0]), *judge_list(truth(), members(1, five=3, seven=4), stories)]
    assert len(problems) > 5
    assert not [problem for problem in problems if "@" in problem.where]
