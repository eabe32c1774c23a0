"""The wish for a connection: the body of a PUT."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo

from shared.domain.config.api_key import MAX_KEY_LENGTH, is_key_name, key_problem
from shared.domain.config.connection import Connection, DecidedConnection
from shared.domain.config.consent import ConsentWish
from shared.domain.config.document_model import Writing
from shared.domain.config.field_problems import wrong
from shared.domain.config.field_types import Described, text_of
from shared.domain.identifiers import VAULT_NAME_PATTERN, secret_name_problem
from shared.domain.sentences import say


def _api_key(value: Any) -> str:
    key = text_of(value).strip()
    if problem := key_problem(key):
        raise wrong(problem)
    return key


def _secret_name(value: Any, info: ValidationInfo) -> str:
    writing = info.context if isinstance(info.context, Writing) else Writing()
    writes = info.data.get("api_key", "a wrong one") is not None  # pydantic leaves out a key that was refused
    if value is None and writes:
        return f"{writing.secret_prefix}{info.data.get('id')}"
    if value is None:
        text = "must be the name of the secret with the key, unless api_key is given"
        raise wrong(say("secret_name_missing", text))
    name = text_of(value)
    if problem := secret_name_problem(name):
        raise wrong(problem)
    text = "must begin with '{prefix}' and go on"
    if not is_key_name(name, writing.secret_prefix) and (writes or name != writing.kept_secret):
        raise wrong(say("secret_prefix_missing", text, prefix=writing.secret_prefix))
    return name


class ConnectionWish(DecidedConnection):
    """A connection as somebody sends it.

    *api_key* is the key that the app writes into the secret; with None the app writes no secret.
    *consent* of None leaves the stored consent as it is.
    A wish without *account_id* leaves the stored account as it is (`keeps_account`).
    """

    api_key: (
        Annotated[
            str,
            BeforeValidator(_api_key),
            Described(
                pattern=f"^[!-~]{{1,{MAX_KEY_LENGTH}}}$",
                description="Written into the secret, kept nowhere else.",
                writeOnly=True,
            ),
        ]
        | None
    ) = Field(default=None, repr=False)
    secret_name: Annotated[
        str,
        BeforeValidator(_secret_name, json_schema_input_type=str | None),
        Described(
            pattern=VAULT_NAME_PATTERN,
            description="The secret with the key, in the vault of the app; there must be this or api_key.",
        ),
    ] = Field(default=None, validate_default=True)
    consent: ConsentWish | None = None

    @classmethod
    def passed_over(cls, writing: Writing) -> Collection[str]:
        """Return the fields that only answers have; a client may send them back, and they change nothing."""
        return {*writing.shown, *Connection.model_fields} - cls.model_fields.keys()

    @property
    def keeps_account(self) -> bool:
        """Tell whether the wish says nothing about the account."""
        return "account_id" not in self.model_fields_set

    def over(self, before: Connection | None, *, name: str | None, label: str, now: datetime) -> Connection:
        """Return the connection *before* with this wish carried out; *before* is None for a new connection.

        *name* is the name of the caller, None where the app knows only their *label*.
        Where the wish changes nothing, that is *before* itself; a new key is a change.
        """
        decided = {field: getattr(self, field) for field in DecidedConnection.model_fields}
        stood = before or Connection(**decided, secret_name=self.secret_name, created_at=now)
        if self.keeps_account:
            del decided["account_id"]
        consent = stood.consent
        if self.consent is not None:
            consent = self.consent.over(stood.consent, name=name, label=label, now=now)
        changed = stood.model_copy(update={**decided, "secret_name": self.secret_name, "consent": consent})
        if before is not None and changed == before and self.api_key is None:
            return before
        return changed.model_copy(update={"changed_at": now, "changed_by": name or label})
