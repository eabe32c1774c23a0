"""Consent: somebody has agreed that data goes over a connection, and to which text."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo

from shared.domain.config.document_model import Model, Writing
from shared.domain.config.field_problems import wrong
from shared.domain.config.field_types import Described, Moment, Text, text_of
from shared.domain.consent_texts import CURRENT_TEXT, LANGUAGES, TEXTS, Language
from shared.domain.sentences import say

MAX_NAME_LENGTH = 256


class Consent(Model):
    """Who agreed, when, to which text and in which *language*, and who withdrew the consent.

    A consent that an older release stored has no language: its text was in English.
    *claimed* tells that the caller wrote the name and was not signed in, so nobody has checked the name.
    Names may be e-mail addresses. *withdrawn_label* is never one, so runs and logs may show it.
    """

    accepted: bool = False
    accepted_by: Text | None = None
    claimed: bool = False
    accepted_at: Moment | None = None
    text: Text | None = None
    language: Text | None = None
    withdrawn_by: Text | None = None
    withdrawn_label: Text | None = None
    withdrawn_at: Moment | None = None

    @property
    def is_given(self) -> bool:
        """Tell whether data may go over the connection: somebody has agreed to a text that the app knows."""
        return self.accepted and self.text in TEXTS

    def withdrawn(self, *, by: str, label: str, now: datetime) -> "Consent":
        """Return the withdrawn consent; the record of who agreed, when and to which text stays."""
        changes = {"accepted": False, "withdrawn_by": by, "withdrawn_label": label, "withdrawn_at": now}
        return self.model_copy(update=changes)

    def document(self) -> dict[str, Any]:
        """Return the consent as it stands in a connection."""
        return self.model_dump(mode="json")


def _text(value: Any, info: ValidationInfo) -> str | None:
    text = None if value is None else text_of(value)
    if info.data.get("accepted") and text not in TEXTS:
        what = "must be the version of the text that is agreed to, such as '{current}'"
        raise wrong(say("not_a_consent_text", what, current=CURRENT_TEXT))
    return text


def _accepted_by(value: Any, info: ValidationInfo) -> str | None:
    name = None if value is None else text_of(value)
    if name is not None and (len(name) > MAX_NAME_LENGTH or not name.isprintable() or name.isspace()):
        text = "must be a name of at most {limit} printable characters"
        raise wrong(say("not_a_person_name", text, limit=MAX_NAME_LENGTH))
    if name is None and info.data.get("accepted") and info.context and info.context.must_name:
        raise wrong(say("consent_name_missing", "must be the name of the person who agrees"))
    return name


class ConsentWish(Model):
    """What somebody says about the consent when they save a connection.

    *language* is that of the text which the person has read; None stands for English.
    """

    accepted: bool = False
    text: Annotated[
        str | None,
        BeforeValidator(_text),
        Described(minLength=1, description="The version that is agreed to, as GET /consent names it."),
    ] = Field(default=None, validate_default=True)
    language: Language | None = None
    accepted_by: Annotated[
        str | None, BeforeValidator(_accepted_by), Described(minLength=1, maxLength=MAX_NAME_LENGTH)
    ] = Field(default=None, validate_default=True)

    @classmethod
    def passed_over(cls, writing: Writing) -> Collection[str]:  # noqa: ARG003 - the same whatever is written
        """Return the fields that the app itself records; a client may send them back, and they change nothing."""
        return Consent.model_fields.keys() - cls.model_fields.keys()

    def over(self, before: Consent, *, name: str | None, label: str, now: datetime) -> Consent:
        """Return the consent *before* with this wish carried out.

        *name* is the name of the caller, None where the app knows only their *label*. The name in the wish counts
        only where the caller has none. A repeated consent to the same text by the same person changes nothing, so a
        client can save an unchanged connection; a consent in another language is a new one.
        """
        if not self.accepted:
            return before.withdrawn(by=name or label, label=label, now=now) if before.accepted else before
        by, language = name or self.accepted_by or label, self.language or LANGUAGES[0]
        is_same = before.text == self.text and self.language in (None, before.language or LANGUAGES[0])
        if before.accepted and is_same and (name is not None or by == before.accepted_by):
            return before
        return Consent(
            accepted=True, accepted_by=by, claimed=name is None, accepted_at=now, text=self.text, language=language
        )
