"""The scopes that a private key of Klaviyo needs, and what for. Klaviyo fixes the scopes when a key is made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """One permission of a key: without a *required* one every run fails, without another one the app knows less."""

    name: str
    needed_for: str
    required: bool = True


ACCOUNTS_READ = Scope(
    "accounts:read",
    "to know which account the key leads to, so that a key of another one is noticed and connections to one account "
    "take turns",
    required=False,
)
LISTS_READ = Scope("lists:read", "to find the list before anything is sent, and to offer lists to choose from")
LISTS_WRITE = Scope("lists:write", "to add profiles to the list")
PROFILES_READ = Scope("profiles:read", "to learn what became of every import and which rows were refused")
PROFILES_WRITE = Scope("profiles:write", "to create and update profiles")
FLOWS_READ = Scope(
    "flows:read",
    "to warn before a run into a list whose flows would write to everybody who is added",
    required=False,
)

SCOPES = (ACCOUNTS_READ, FLOWS_READ, LISTS_READ, LISTS_WRITE, PROFILES_READ, PROFILES_WRITE)
"""Every scope that a key should have."""
