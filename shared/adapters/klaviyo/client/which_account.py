"""Which Klaviyo account a key leads to."""

from shared.adapters.klaviyo.client.json_api import attributes, resources
from shared.adapters.klaviyo.client.klaviyo_request import KlaviyoRequest
from shared.adapters.klaviyo.client.rates import ACCOUNT
from shared.domain.errors import ContractBroken
from shared.domain.sentences import say
from shared.ports import Account

WHICH_ACCOUNT = KlaviyoRequest("GET", "/api/accounts", ACCOUNT, "accounts:read")
"""Asks for the accounts of the key. Klaviyo's OpenAPI (revision 2026-10-15) says that there is just one."""


def read_account(body: bytes) -> Account:
    """Return the account in an answer to `WHICH_ACCOUNT`; raises `ContractBroken`."""
    accounts, _ = resources(body)
    account_id = accounts[0].get("id") if len(accounts) == 1 else None
    if not isinstance(account_id, str):
        raise ContractBroken(
            say(
                "klaviyo_unexpected_accounts",
                "Klaviyo answered {accounts} {accounts:account|accounts} to one key, not one that has an id.",
                accounts=len(accounts),
            )
        )
    found = attributes(accounts[0])
    contact = found.get("contact_information")
    name = contact.get("organization_name") if isinstance(contact, dict) else None
    return Account(account_id, str(name or ""), bool(found.get("test_account")))
