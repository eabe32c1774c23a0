"""A connection: an account at Klaviyo, the name of the secret with its key, and the consent to send data there."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.domain.config.consent import Consent
from shared.domain.config.reading import Reader
from shared.domain.errors import ConfigurationError
from shared.domain.runs.run import utc_text


class SharedWith(StrEnum):
    """Who may use a connection beside the administrators."""

    ADMINISTRATORS = "administrators"
    CONTRIBUTORS = "contributors"


@dataclass(frozen=True, slots=True)
class Connection:
    """What is configured about one Klaviyo account; *account_id* is None until Klaviyo was asked."""

    id: str
    display_name: str
    secret_name: str
    account_id: str | None = None
    shared_with: SharedWith = SharedWith.ADMINISTRATORS
    consent: Consent = field(default_factory=Consent)
    created_at: datetime | None = None
    changed_at: datetime | None = None
    changed_by: str | None = None

    def document(self) -> dict[str, Any]:
        """Return ``connections/{id}.json``."""
        return {
            "schema": 1,
            "id": self.id,
            "display_name": self.display_name,
            "secret_name": self.secret_name,
            "account_id": self.account_id,
            "shared_with": self.shared_with.value,
            "consent": self.consent.document(),
            "created_at": self.created_at and utc_text(self.created_at),
            "changed_at": self.changed_at and utc_text(self.changed_at),
            "changed_by": self.changed_by,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Connection":
        """Read ``connections/{id}.json``; raises `ConfigurationError` naming everything that is wrong."""
        reader = Reader(document)
        connection = cls(
            id=reader.identifier("id"),
            display_name=reader.text("display_name"),
            secret_name=reader.text("secret_name"),
            account_id=reader.optional_text("account_id"),
            shared_with=read_shared_with(reader),
            consent=Consent.read(reader.nested("consent")),
            created_at=reader.optional_moment("created_at"),
            changed_at=reader.optional_moment("changed_at"),
            changed_by=reader.optional_text("changed_by"),
        )
        reader.check("The connection")
        return connection

    def check_consent(self) -> None:
        """Raise `ConfigurationError` unless somebody has agreed that data goes over this connection."""
        if self.consent.is_given:
            return
        if self.consent.accepted:
            raise ConfigurationError(
                f"What was agreed to for connection '{self.id}' is no text that this app knows; "
                "an administrator has to accept the consent of the connection again."
            )
        if self.consent.withdrawn_at:
            raise ConfigurationError(f"{self.withdrawal} An administrator has to accept it again.")
        raise ConfigurationError(
            f"Nobody has agreed that data may leave over connection '{self.id}'; "
            "an administrator has to accept the consent of the connection."
        )

    @property
    def withdrawal(self) -> str:
        """Return the sentence that the consent was withdrawn, and by whom, as far as a run may say."""
        if self.consent.withdrawn_label:
            return f"{self.consent.withdrawn_label} withdrew the consent of connection '{self.id}'."
        return f"The consent of connection '{self.id}' was withdrawn."


def read_shared_with(reader: Reader) -> SharedWith:
    """Return who may use the connection; administrators only, unless it says otherwise."""
    value = reader.raw("shared_with")
    if value is None:
        return SharedWith.ADMINISTRATORS
    if isinstance(value, str) and value in tuple(SharedWith):
        return SharedWith(value)
    reader.wrong("shared_with", f"must be one of {', '.join(SharedWith)}")
    return SharedWith.ADMINISTRATORS
