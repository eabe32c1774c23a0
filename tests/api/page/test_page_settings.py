"""What the page learns before anybody has signed in."""

import json

import pytest

from shared.api.page.serving import settings


@pytest.mark.parametrize(("given", "told"), [(None, "keys"), ("keys", "keys"), ("entra", "entra"), ("", "keys")])
def test_the_page_learns_how_one_signs_in_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, given: str | None, told: str
) -> None:
    monkeypatch.delenv("AUTH_MODE", raising=False)
    if given is not None:
        monkeypatch.setenv("AUTH_MODE", given)
    answer = settings()
    assert json.loads(answer.get_body()) == {"auth_mode": told}
    assert answer.headers["Cache-Control"] == "no-store"
