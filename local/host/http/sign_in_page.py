"""The page on which one signs in to the local host, as the stand-in for Microsoft's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A made-up person with the app roles that Entra ID has given to the person."""

    title: str
    name: str
    object_id: str
    roles: tuple[str, ...]


PEOPLE: Mapping[str, SignedIn] = {
    "reader": SignedIn("Reader", "rita@example.com", "00000000-0000-0000-0000-00000000000a", ("Exports.Read",)),
    "contributor": SignedIn(
        "Contributor", "carl@example.com", "00000000-0000-0000-0000-00000000000b", ("Exports.Contribute",)
    ),
    "administrator": SignedIn(
        "Administrator", "dana@example.com", "00000000-0000-0000-0000-00000000000c", ("Exports.Admin",)
    ),
    "nobody": SignedIn("Without a role", "nora@example.com", "00000000-0000-0000-0000-00000000000d", ()),
}
"""Who can sign in."""


def sign_in_page(callback: str, to: str) -> str:
    """Return the page with one button a person; the choice is posted to *callback*, which leads to *to*."""
    buttons = "\n".join(
        f'<p><button name="who" value="{key}">{person.title}</button> {person.name}' for key, person in PEOPLE.items()
    )
    return _page(
        "Sign in",
        f'<p>In Azure, Microsoft asks here who you are. This local host takes your word.\n<form method="post" '
        f'action="{callback}">\n<input type="hidden" name="to" value="{escape(to)}">\n{buttons}\n</form>',
    )


def signed_out_page(login: str) -> str:
    """Return the page after signing out, with a link to *login*."""
    return _page("You are signed out", f'<p><a href="{login}">Sign in</a>')


def _page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n<h1>{title}</h1>\n{body}\n'
    )
