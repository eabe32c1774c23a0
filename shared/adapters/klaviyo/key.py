"""The key in a secret, and the account that it leads to."""

from shared.domain.api_key import key_problem
from shared.domain.errors import ConfigurationError, CredentialsRefused
from shared.ports import Secrets


class Key:
    """The key in one secret, which may be exchanged at any time; mutable.

    *account_id* is the account that it was seen to lead to, None as long as Klaviyo has not named one.
    """

    def __init__(self, secrets: Secrets, secret_name: str) -> None:
        self.secret_name = secret_name
        self.account_id: str | None = None
        self._secrets = secrets
        self._trusted: str | None = None

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
        self.account_id = account_id or self.account_id
        self._trusted = key

    def check(self, key: str, account_id: str) -> None:
        """Trust *key*, which leads to the account; raises `ConfigurationError` when the one before led elsewhere."""
        if self.account_id not in (None, account_id):
            raise ConfigurationError(
                f"The key that was put into secret '{self.secret_name}' leads to the Klaviyo account {account_id}, but "
                f"the one before it led to {self.account_id}. Put a key of that account into the secret, or make a "
                "connection for the other one."
            )
        self.trust(key, account_id)
