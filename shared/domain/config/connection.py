"""A connection: an account at Klaviyo, the name of the secret with its key, and the consent to send data there."""

import re
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, Strict, ValidationInfo

from shared.domain.config.consent import Consent
from shared.domain.config.document_model import Model
from shared.domain.config.field_problems import wrong
from shared.domain.config.field_types import (
    ID_IN_ADDRESS,
    NULL_IS_DEFAULT,
    READ_ONLY,
    Described,
    Identifier,
    Moment,
    Text,
    text_of,
)
from shared.domain.config.stored_documents import read_stored
from shared.domain.errors import ConfigurationError
from shared.domain.sentences import Sentence, say

_NAME, _ACCOUNT = "[A-Za-z][A-Za-z0-9_]{0,99}", "[A-Za-z0-9]{1,32}"
_is_name, _is_account = re.compile(_NAME).fullmatch, re.compile(_ACCOUNT).fullmatch


class SharedWith(StrEnum):
    """Who may use a connection: administrators only, or contributors as well."""

    ADMINISTRATORS = "administrators"
    CONTRIBUTORS = "contributors"


def _display_name(value: Any, info: ValidationInfo) -> str:
    name = text_of(value)
    if info.context and not _is_name(name):
        text = (
            "must begin with a letter (A to Z), go on with letters, digits and underscores, "
            "and have at most 100 characters"
        )
        raise wrong(say("not_a_connection_name", text))
    return name


def _account_id(value: Any, info: ValidationInfo) -> str:
    account_id = text_of(value)
    if info.context and not _is_account(account_id):
        text = "must be the id of a Klaviyo account: letters and digits; or null to learn it"
        raise wrong(say("not_an_account_id", text))
    return account_id


class DecidedConnection(Model):
    """The fields that a connection and the wish for one share; the app stores them as people decide them."""

    WHAT = "The connection"

    id: Annotated[Identifier, ID_IN_ADDRESS, READ_ONLY]
    display_name: Annotated[str, BeforeValidator(_display_name), Described(written={"pattern": f"^{_NAME}$"})]
    account_id: Annotated[str, BeforeValidator(_account_id), Described(written={"pattern": f"^{_ACCOUNT}$"})] | None = (
        None
    )
    shared_with: Annotated[SharedWith, Strict(strict=False), NULL_IS_DEFAULT] = SharedWith.ADMINISTRATORS


class Connection(DecidedConnection):
    """A connection as it is stored; *account_id* is None until Klaviyo has named the account."""

    secret_name: Text
    consent: Annotated[Consent, NULL_IS_DEFAULT] = Field(default_factory=Consent)
    created_at: Annotated[Moment | None, READ_ONLY] = None
    changed_at: Annotated[Moment | None, READ_ONLY] = None
    changed_by: Annotated[Text | None, READ_ONLY] = None

    def document(self) -> dict[str, Any]:
        """Return ``connections/{id}.json``."""
        return {"schema": 1, **self.model_dump(mode="json")}

    @classmethod
    def from_document(cls, document: Any) -> Self:
        """Read ``connections/{id}.json``; raises `Damaged` naming everything that is wrong."""
        return read_stored(cls, document, what=cls.WHAT)

    def check_consent(self) -> None:
        """Raise `ConfigurationError` unless somebody has agreed that data goes over this connection."""
        if self.consent.is_given:
            return
        if self.consent.accepted:
            text = (
                "What was agreed to for connection '{connection}' is no text that this app knows; "
                "an administrator has to accept the consent of the connection again."
            )
            raise ConfigurationError(say("consent_text_unknown", text, connection=self.id))
        if self.consent.withdrawn_at:
            text = "{withdrawal} An administrator has to accept it again."
            raise ConfigurationError(
                say("consent_is_withdrawn", text, connection=self.id, withdrawal=str(self.withdrawal))
            )
        text = (
            "Nobody has agreed that data may leave over connection '{connection}'; "
            "an administrator has to accept the consent of the connection."
        )
        raise ConfigurationError(say("consent_missing", text, connection=self.id))

    @property
    def withdrawal(self) -> Sentence:
        """Return the sentence that the consent was withdrawn, with the label of the person if the document has one."""
        who = self.consent.withdrawn_label
        by_somebody, by_nobody_known = (
            "{who} withdrew the consent of connection '{connection}'.",
            "The consent of connection '{connection}' was withdrawn.",
        )
        return say("consent_withdrawn", by_somebody if who else by_nobody_known, connection=self.id, who=who)
