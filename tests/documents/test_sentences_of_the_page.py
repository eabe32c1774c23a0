"""The page has each sentence that the app says, with its values, in both of its languages."""

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from tests.documents.icu_messages import BRANCHED, Argument, arguments

ROOT = Path(__file__).parents[2]
MESSAGES = ROOT / "web" / "src" / "messages"
LANGUAGES = ("en", "uk")
PLURALS = {"en": {"one", "other"}, "uk": {"one", "few", "many", "other"}}
"""The forms of a number in a language, as Unicode has them."""
NOTED = frozenset({"count", "reason", "file", "row"})
MADE_OTHERWISE: dict[str, frozenset[str]] = {
    "slot_skipped": frozenset(),
    "not_a_date_format": frozenset(),
    "rows_noted": NOTED,
    "rows_to_note": NOTED,
    "values_left_out": NOTED | {"field"},
    "values_changed": NOTED | {"field"},
    "values_sent_as_they_are": NOTED | {"field"},
    "values_to_leave_out": NOTED | {"field", "rows"},
    "values_to_change": NOTED | {"field", "rows"},
    "values_to_send_as_they_are": NOTED | {"field", "rows"},
}
"""The sentences whose code or values no `say` has in one place."""
GIVEN_UP = frozenset({"endpoint", "attempts"})
ADDED: dict[str, frozenset[str]] = {
    "too_many_rejected": frozenset({"reasons"}),
    "klaviyo_throttled": GIVEN_UP,
    "klaviyo_no_answer": GIVEN_UP,
    "klaviyo_unreachable": GIVEN_UP,
    "klaviyo_status": GIVEN_UP,
    "klaviyo_no_json": GIVEN_UP,
}
"""What an error adds to the values of a sentence that it wraps."""
CODE_IS_A_VARIABLE = {
    "adapters/azure/vault_errors.py",
    "api/calls/run_sentences.py",
    "control/missed_slots.py",
    "domain/profiles/note_sentences.py",
    "domain/rows/delimited/row_maker.py",
    "domain/rows/json_objects.py",
    "domain/setting_sentences.py",
}
OF_THE_PAGE = {"cure"}
"""What the page itself puts into a sentence: `words.json` has the cure of a note by its reason."""
NOT_TOLD = {"consent_is_withdrawn": {"withdrawal"}}
"""Values that a translation does without: whole English sentences whose sense it has."""


def said() -> dict[str, set[str]]:
    """Return the code of every sentence of the app, with the names of its values."""
    found: dict[str, set[str]] = {code: set(names) for code, names in MADE_OTHERWISE.items()}
    for file in sorted((ROOT / "shared").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for code, names in _said_in(tree, file.relative_to(ROOT / "shared").as_posix()):
            found.setdefault(code, set()).update(names)
    for code, added in ADDED.items():
        found[code] |= added
    return found


def _said_in(tree: ast.Module, name: str) -> Iterator[tuple[str, set[str]]]:
    for call in ast.walk(tree):
        match call:
            case ast.Call(func=ast.Name(id="say"), args=[ast.Constant(value=str(code)), _]):
                yield code, _values(call, tree)
            case ast.Call(func=ast.Name(id="say"), args=[_, ast.Subscript(value=ast.Name(id=table))]):
                assert name in CODE_IS_A_VARIABLE
                yield from _in_table(table, tree)
            case ast.Call(func=ast.Name(id="say"), args=[_, ast.JoinedStr() | ast.Name(id="text")]) if (
                table := _table_in_text(tree)
            ):
                assert name in CODE_IS_A_VARIABLE
                yield from ((code, names | _values(call, tree)) for code, names in _in_table(table, tree))
            case ast.Call(func=ast.Name(id="say")):
                assert name in CODE_IS_A_VARIABLE
                yield from ((code, _values(call, tree)) for code in _in_pairs(tree))


def _table_in_text(tree: ast.Module) -> str:
    """Return the name of the table that a text has a part from, as in ``text = f"… {TABLE[code]}"``."""
    for name, value in _assigned(tree):
        for part in ast.walk(value) if name == "text" and isinstance(value, ast.JoinedStr) else ():
            match part:
                case ast.Subscript(value=ast.Name(id=table), slice=ast.Name(id="code")):
                    return table
    return ""


def _values(call: ast.Call, tree: ast.Module) -> set[str]:
    """Return the names of the values that *call* gives; ``**told`` has those of the dict that has this name."""
    names = {keyword.arg for keyword in call.keywords if keyword.arg}
    for keyword in call.keywords:
        if keyword.arg is None:
            names |= {key for key, _ in _entries(ast.unparse(keyword.value), tree)}
    return names


def _in_table(table: str, tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    for code, text in _entries(table, tree):
        yield code, {name for _, name, _, _ in Formatter().parse(ast.literal_eval(text)) if name}


def _entries(table: str, tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    constants = dict(_assigned(tree))
    for name, value in _assigned(tree):
        if name == table and isinstance(value, ast.Dict):
            for key, text in zip(value.keys, value.values, strict=True):
                known = constants.get(key.id) if isinstance(key, ast.Name) else key
                yield ast.literal_eval(known or text), text


def _in_pairs(tree: ast.Module) -> Iterator[str]:
    """Yield the codes of ``code, text = ("one", ONE) if … else ("other", OTHER)``."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id="code"), _])], value=ast.IfExp() as chosen):
                for pair in (chosen.body, chosen.orelse):
                    assert isinstance(pair, ast.Tuple)
                    yield ast.literal_eval(pair.elts[0])


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value


@cache
def texts(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((MESSAGES / language / "sentences.json").read_text(encoding="utf-8"))
    return found


def values(language: str, code: str) -> list[Argument]:
    return arguments(texts(language)[code])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_app_is_there_and_no_other(language: str) -> None:
    codes = said().keys()
    assert {"no_app_role", "vault_firewall", "setting_auth_mode", "no_sign_of_life", "slots_missed_many"} <= codes
    assert {"missing": codes - texts(language).keys(), "of no sentence": texts(language).keys() - codes} == {
        "missing": set(),
        "of no sentence": set(),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_the_values_that_the_app_gives(language: str) -> None:
    known = {code: names for code, names in said().items() if code in texts(language)}
    used = {code: {each.name for each in values(language, code)} for code in known}
    missing = {code: names - used[code] - NOT_TOLD.get(code, set()) for code, names in known.items()}
    assert {code: names for code, names in missing.items() if names} == {}
    unknown = {code: used[code] - names - (OF_THE_PAGE & used[code]) for code, names in known.items()}
    assert {code: names for code, names in unknown.items() if names} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_has_every_form_that_the_language_has(language: str) -> None:
    plurals = [(code, each) for code in texts(language) for each in values(language, code) if each.kind == "plural"]
    assert plurals
    forms = {code: {branch for branch in each.branches if not branch.startswith("=")} for code, each in plurals}
    assert {code: found for code, found in forms.items() if found != PLURALS[language]} == {}
    choices = [(code, each) for code in texts(language) for each in values(language, code) if each.kind in BRANCHED]
    assert [code for code, each in choices if "other" not in each.branches] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_stand_in_the_order_of_their_codes(language: str) -> None:
    assert list(texts(language)) == sorted(texts(language))


def test_what_is_made_otherwise_is_still_made() -> None:
    files = [ast.parse(file.read_text(encoding="utf-8")) for file in (ROOT / "shared").rglob("*.py")]
    constants = {node.value for tree in files for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert MADE_OTHERWISE.keys() - constants == set()


@pytest.mark.parametrize("message", ["{rows", "{rows}}", "{a, plural, one {x}", "{a b}", "it's", "{a, date}"])
def test_a_message_that_cannot_be_read_is_refused(message: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        arguments(message)


def test_values_in_branches_are_found() -> None:
    message = "{who, select, none {x {a}} other {{n, plural, =0 {no} one {# {b, number, ::percent}} other {#}}}}"
    assert {each.name for each in arguments(message)} == {"who", "a", "n", "b"}
    assert Argument("n", "plural", ("=0", "one", "other")) in arguments(message)
