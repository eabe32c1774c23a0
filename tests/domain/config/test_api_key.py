"""What can be a key of Klaviyo's, and what cannot."""

import pytest

from shared.domain.config.api_key import MAX_KEY_LENGTH, key_problem


@pytest.mark.parametrize("text", ["pk_0123456789abcdef", "!", "~" * MAX_KEY_LENGTH])
def test_a_key_is_printable_ascii_without_blanks(text: str) -> None:
    assert key_problem(text) is None


@pytest.mark.parametrize("text", ["", "pk 1", "pk\n1", "pké", "~" * (MAX_KEY_LENGTH + 1)])
def test_anything_else_is_no_key(text: str) -> None:
    assert key_problem(text)
