"""The figures of the first answers."""

from local.bench.first_answers import figures


def test_each_question_has_the_median_of_its_rounds_and_the_verdict_over_it() -> None:
    rounds = [{"/health": 0.3, "/me": 1.6}, {"/health": 9.0, "/me": 1.51}, {"/health": 0.4, "/me": 0.5}]
    health, me = figures(rounds)
    assert (health.what, health.value, health.holds) == (
        "first answer after the process starts, /health",
        "0.40 s (0.30 to 9.00)",
        True,
    )
    assert (me.value, me.holds) == ("1.51 s (0.50 to 1.60)", False)
