"""What somebody wants a connection to be: the body of a PUT, read strictly."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.domain.config.api_key import key_problem
from shared.domain.config.connection import Connection, SharedWith, read_shared_with
from shared.domain.config.consent import ConsentWish
from shared.domain.config.reading import Reader
from shared.domain.identifiers import secret_name_problem

SECRET_PREFIX = "klaviyo-"  # noqa: S105 - how names of secrets begin
"""The app writes keys into secrets of such names only, so that no other secret of the vault can be lost."""

_MINE = ("display_name", "secret_name", "api_key", "account_id", "shared_with", "consent")
_SHOWN = ("schema", "id", "kind", "self", "created_at", "changed_at", "changed_by", "may")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}").fullmatch
_ACCOUNT = re.compile(r"[A-Za-z0-9]{1,32}").fullmatch


@dataclass(frozen=True, slots=True)
class ConnectionWish:
    """A connection as it is sent in; *api_key* is None unless a key shall be written into the secret.

    *consent* of None leaves the consent as it is; so does the account, where *keeps_account*.
    """

    id: str
    display_name: str
    secret_name: str
    api_key: str | None = field(repr=False)
    account_id: str | None
    keeps_account: bool
    shared_with: SharedWith
    consent: ConsentWish | None

    @classmethod
    def read(cls, reader: Reader, connection_id: str, *, must_name: bool) -> "ConnectionWish":
        """Read what was sent in for *connection_id*, noting everything that is wrong in *reader*.

        *must_name* when it must say who accepts the consent. What is shown of a connection, and cannot be changed,
        is passed over.
        """
        reader.allow_only((*_MINE, *_SHOWN))
        if reader.raw("id") not in (None, connection_id):
            reader.wrong("id", "must be the id in the address")
        name = reader.text("display_name")
        if name and not _NAME(name):
            reader.wrong(
                "display_name",
                "must begin with a letter (A to Z), go on with letters, digits and underscores, "
                "and have at most 100 characters",
            )
        api_key = _read_key(reader)
        account_id = reader.optional_text("account_id")
        if account_id and not _ACCOUNT(account_id):
            reader.wrong("account_id", "must be the id of a Klaviyo account: letters and digits; or null to learn it")
        consent = reader.raw("consent")
        return cls(
            id=connection_id,
            display_name=name,
            secret_name=_read_secret_name(reader, connection_id, writes=api_key is not None),
            api_key=api_key,
            account_id=account_id,
            keeps_account="account_id" not in reader.names(),
            shared_with=read_shared_with(reader),
            consent=None if consent is None else ConsentWish.read(reader.nested("consent"), must_name=must_name),
        )

    def over(self, before: Connection | None, *, name: str | None, label: str, now: datetime) -> Connection:
        """Return the connection after the caller *name* wished this; None where only *label* is known of them."""
        stood = before or Connection(self.id, self.display_name, self.secret_name, created_at=now)
        consent = stood.consent
        if self.consent is not None:
            consent = self.consent.over(stood.consent, name=name, label=label, now=now)
        return replace(
            stood,
            display_name=self.display_name,
            secret_name=self.secret_name,
            account_id=stood.account_id if self.keeps_account else self.account_id,
            shared_with=self.shared_with,
            consent=consent,
            changed_at=now,
            changed_by=name or label,
        )


def _read_key(reader: Reader) -> str | None:
    key = reader.optional_text("api_key")
    if key and (problem := key_problem(key.strip())):
        reader.wrong("api_key", problem)
    return key and key.strip()


def _read_secret_name(reader: Reader, connection_id: str, *, writes: bool) -> str:
    if reader.raw("secret_name") is None and writes:
        return f"{SECRET_PREFIX}{connection_id}"
    if reader.raw("secret_name") is None:
        reader.wrong("secret_name", "must be the name of the secret with the key, unless api_key is given")
        return ""
    name = reader.text("secret_name")
    if name and (problem := secret_name_problem(name)):
        reader.wrong("secret_name", problem)
    elif name and writes and not name.lower().startswith(SECRET_PREFIX):
        reader.wrong("secret_name", f"must begin with '{SECRET_PREFIX}' when api_key is given, or be left out")
    return name
