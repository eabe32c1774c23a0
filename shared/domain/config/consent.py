"""Consent: somebody has agreed that data goes over a connection; which text they agreed to is kept with it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.domain.config.reading import Reader
from shared.domain.runs.run import utc_text

CURRENT_TEXT = "2026-11"
TEXTS = {
    "2026-11": (
        "I agree that this app sends the rows of customer segments to the Klaviyo account behind this connection: for "
        "every row the e-mail address, and the other fields that the mapping of an export names. They leave Azure and "
        "are then kept by Klaviyo, under the contract between my organisation and Klaviyo. "
        "My organisation may pass these people's data on, and remains responsible for their consent, for the privacy "
        "and for the security of the data. "
        "I know that profiles which are imported can count for Klaviyo's bill, and that they can be e-mailed, "
        "depending on the settings of the account: a flow or a campaign of the list reaches them. "
        "The app never subscribes, unsubscribes or un-suppresses anybody, and it does not delete from Klaviyo what it "
        "has sent. "
        "Who agreed, when and to which text is recorded. Withdrawing the agreement stops every run over this "
        "connection; what has been sent by then stays at Klaviyo."
    ),
}
"""Every text that was ever agreed to, by its version; a text that was published is never changed."""

MAX_NAME_LENGTH = 256


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to, by whom; *claimed* when nobody but the caller vouches for the name.

    Names may be e-mail addresses; *withdrawn_label* is none, and may stand where they may not.
    """

    accepted: bool = False
    accepted_by: str | None = None
    claimed: bool = False
    accepted_at: datetime | None = None
    text: str | None = None
    withdrawn_by: str | None = None
    withdrawn_label: str | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_given(self) -> bool:
        """Tell whether data may go: somebody agreed, and to a text that is known."""
        return self.accepted and self.text in TEXTS

    def withdrawn(self, *, by: str, label: str, now: datetime) -> "Consent":
        """Return the consent as it is after it was withdrawn; what was agreed to before stays on record."""
        return replace(self, accepted=False, withdrawn_by=by, withdrawn_label=label, withdrawn_at=now)

    def document(self) -> dict[str, Any]:
        """Return the consent as it stands in a connection."""
        return {
            "accepted": self.accepted,
            "accepted_by": self.accepted_by,
            "claimed": self.claimed,
            "accepted_at": self.accepted_at and utc_text(self.accepted_at),
            "text": self.text,
            "withdrawn_by": self.withdrawn_by,
            "withdrawn_label": self.withdrawn_label,
            "withdrawn_at": self.withdrawn_at and utc_text(self.withdrawn_at),
        }

    @classmethod
    def read(cls, reader: Reader) -> "Consent":
        """Read the consent in a stored connection, noting what is wrong in *reader*."""
        return cls(
            accepted=reader.flag("accepted", default=False),
            accepted_by=reader.optional_text("accepted_by"),
            claimed=reader.flag("claimed", default=False),
            accepted_at=reader.optional_moment("accepted_at"),
            text=reader.optional_text("text"),
            withdrawn_by=reader.optional_text("withdrawn_by"),
            withdrawn_label=reader.optional_text("withdrawn_label"),
            withdrawn_at=reader.optional_moment("withdrawn_at"),
        )


@dataclass(frozen=True, slots=True)
class ConsentWish:
    """What somebody says about the consent when they save a connection."""

    accepted: bool
    text: str | None = None
    accepted_by: str | None = None

    @classmethod
    def read(cls, reader: Reader, *, must_name: bool) -> "ConsentWish":
        """Read what was sent in, noting what is wrong in *reader*; *must_name* when only the sender knows who agrees.

        What the app records itself may be there, as it was shown, and is passed over.
        """
        reader.allow_only(Consent.__dataclass_fields__)
        accepted = reader.flag("accepted", default=False)
        text, name = reader.optional_text("text"), reader.optional_text("accepted_by")
        if accepted and text not in TEXTS:
            reader.wrong("text", f"must be the version of the text that is agreed to, such as '{CURRENT_TEXT}'")
        if name is not None and (len(name) > MAX_NAME_LENGTH or not name.isprintable() or not name.strip()):
            reader.wrong("accepted_by", f"must be a name of at most {MAX_NAME_LENGTH} printable characters")
        if accepted and must_name and name is None:
            reader.wrong("accepted_by", "must be the name of whoever agrees")
        return cls(accepted, text, name)

    def over(self, before: Consent, *, name: str | None, label: str, now: datetime) -> Consent:
        """Return the consent after this was said by the caller *name*, None where only *label* is known of them.

        The name that is sent in counts only where the caller is not known. Who agreed to the same text already is not
        replaced, so that an unchanged connection can be saved.
        """
        if not self.accepted:
            return before.withdrawn(by=name or label, label=label, now=now) if before.accepted else before
        by = name or self.accepted_by or label
        if before.accepted and before.text == self.text and (name is not None or by == before.accepted_by):
            return before
        return Consent(accepted=True, accepted_by=by, claimed=name is None, accepted_at=now, text=self.text)
