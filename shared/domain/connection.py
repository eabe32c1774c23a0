"""A connection: an account at Klaviyo, the name of the secret with its key, and the consent to send data there."""

from dataclasses import dataclass
from typing import Any

from shared.domain.errors import ConfigurationError
from shared.domain.reading import Reader


@dataclass(frozen=True, slots=True)
class Connection:
    """What is configured about one Klaviyo account; *account_id* is None until Klaviyo was asked."""

    id: str
    display_name: str
    secret_name: str
    account_id: str | None
    consent_accepted: bool

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Connection":
        """Read ``connections/{id}.json``; raises `ConfigurationError` naming everything that is wrong."""
        reader = Reader(document)
        connection = cls(
            id=reader.identifier("id"),
            display_name=reader.text("display_name"),
            secret_name=reader.text("secret_name"),
            account_id=reader.optional_text("account_id"),
            consent_accepted=reader.nested("consent").flag("accepted", default=False),
        )
        reader.check("The connection")
        return connection

    def check_consent(self) -> None:
        """Raise `ConfigurationError` unless somebody has agreed that data goes over this connection."""
        if not self.consent_accepted:
            raise ConfigurationError(
                f"Nobody has agreed that data may leave over connection '{self.id}'; "
                "an administrator has to accept the consent of the connection."
            )
