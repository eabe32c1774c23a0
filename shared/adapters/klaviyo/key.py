"""The key in a secret, and the account that it leads to."""

from shared.domain.config.api_key import key_problem
from shared.domain.errors import ConfigurationError, CredentialsRefused
from shared.ports import Secrets


class Key:
    """The key in one secret, which may be exchanged at any time; mutable.

    *account_id* is the account that it was seen to lead to, None as long as Klaviyo has not named one. One that is
    made for an account is never trusted when it leads to another, whoever finds that out.
    """

    def __init__(self, secrets: Secrets, secret_name: str, account_id: str | None = None) -> None:
        self.secret_name = secret_name
        self.account_id = account_id
        self._only = account_id
        self._secrets = secrets
        self._trusted: str | None = None

    def for_account(self, account_id: str) -> "Key":
        """Return the same key for work on the account only; what is known to lead there need not be asked again."""
        key = Key(self._secrets, self.secret_name, account_id)
        if self.account_id == account_id:
            key._trusted = self._trusted
        return key

    async def read(self, *, fresh: bool = False) -> str:
        """Return the key; *fresh* asks its source itself. Raises `CredentialsRefused` for what cannot be one."""
        key = (await self._secrets.get(self.secret_name, fresh=fresh)).strip()
        problem = key_problem(key)
        if problem is None:
            return key
        if not fresh:  # it may have been mended since it was read
            return await self.read(fresh=True)
        raise CredentialsRefused(
            f"Secret '{self.secret_name}' cannot be a key of Klaviyo's: it {problem}. "
            "Put the private key alone into it."
        )

    def is_in_doubt(self, key: str) -> bool:
        """Tell whether *key* was put in place of the one whose account is known, and may lead elsewhere."""
        return self.account_id is not None and key != self._trusted

    def trust(self, key: str, account_id: str | None) -> None:
        """Note that *key* leads to the account; None where it may not be asked."""
        if self._only and account_id not in (None, self._only):
            return
        self.account_id = account_id or self.account_id
        self._trusted = key

    def check(self, key: str, account_id: str) -> None:
        """Trust *key*, which leads to the account; raises `ConfigurationError` when the one before led elsewhere."""
        if self.account_id not in (None, account_id):
            known = "the connection is for" if self._only else "the one before it led to"
            raise ConfigurationError(
                f"The key that was put into secret '{self.secret_name}' leads to the Klaviyo account {account_id}, but "
                f"{known} {self.account_id}. Put a key of that account into the secret, or make a "
                "connection for the other one."
            )
        self.trust(key, account_id)
