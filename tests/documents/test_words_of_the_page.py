# ruff: noqa: RUF001 - Ukrainian has letters that look like Latin ones
"""The page has a label for each word that the app gives a person: reasons, fields, actions, triggers."""

import ast
import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from shared.api.calls.run_lists import TRIGGERS
from shared.domain.config.mapping import Location, Mapping, ValueType
from shared.domain.config.scopes import SCOPES
from shared.domain.profiles.note_reasons import REASONS
from shared.domain.rows.dialect import Escape
from shared.domain.runs.rejection import RefusedBy
from tests.documents.icu_messages import arguments
from tests.documents.test_operations import OPERATIONS, nodes

ROOT = Path(__file__).parents[2]
MESSAGES = ROOT / "web" / "src" / "messages"
LANGUAGES = ("en", "uk")
SCHEMAS: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))["components"][
    "schemas"
]
CONSTANTS = {node.value for node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def words(language: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((MESSAGES / language / "words.json").read_text(encoding="utf-8"))
    return found


def paths(tree: dict[str, Any], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in tree.items():
        found |= {before + name: value} if isinstance(value, str) else paths(value, f"{before}{name}.")
    return found


def told_of(section: str) -> set[str]:
    """Return the words that a section of docs/operations.md tells of; another test holds these to the code."""
    text = OPERATIONS.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return {
        word for heading in re.findall(r"^### (`.+`)$", text, re.MULTILINE) for word in re.findall(r"`(\w+)`", heading)
    }


def enum(*place: str) -> set[str]:
    found: Any = SCHEMAS
    for step in place:
        found = found[step]
    return {value for value in found["enum"] if value is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_label(language: str) -> None:
    known = words(language)
    skipped = {"previous_run_active", "slots_missed"}
    waited_too_long = {"source_incomplete"}
    only_in_logs = {"lease_lost", "run_lease_lost", "account_lease_lost"}
    assert known["endingReasons"].keys() == told_of("Why a run ends as failed or cancelled") | skipped | waited_too_long
    assert known["waitingReasons"].keys() == told_of("What a run waits for") - {"slots_missed"} - only_in_logs
    assert known["rejectionReasons"].keys() == told_of("Why a row was rejected") | {"not_isolated"}
    assert known["problemReasons"].keys() == told_of("Answers of the management API")
    assert known["noteReasons"].keys() == REASONS.keys() | {"cannot_be_sent"}
    assert known["noteCures"].keys() == {name for name, reason in REASONS.items() if reason.cure}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_word_has_a_label(language: str) -> None:
    known = words(language)
    location = {f"location.{name}" for name in Location.model_fields}
    assert paths(known["profileFields"]).keys() == Mapping.model_fields.keys() - {"location"} | location
    assert known["scopes"].keys() == {scope.name for scope in SCOPES}
    actions = re.compile(r"(?:connection|export|run|list|queue)\.[a-z_]+").fullmatch
    made = {"connection.created", "connection.changed"}  # the code puts these together
    assert paths(known["auditActions"]).keys() == {text for text in CONSTANTS if actions(text)} | made
    assert known["roles"].keys() == enum("Me", "properties", "role")
    assert known["authModes"].keys() == enum("Me", "properties", "app", "properties", "auth_mode")
    assert known["sharedWith"].keys() == enum("Connection", "properties", "shared_with")
    assert known["effects"].keys() == enum("Preview", "properties", "notes", "items", "properties", "effect")
    dialect = ("Preview", "properties", "dialects", "items", "properties")
    assert known["formats"].keys() == enum(*dialect, "format")
    assert known["escapes"].keys() == set(get_args(Escape))
    assert known["valueTypes"].keys() == set(get_args(ValueType))
    assert known["refusedBy"].keys() == set(get_args(RefusedBy))
    assert known["triggers"].keys() == set(TRIGGERS)


def test_the_languages_have_the_same_words_with_the_same_values() -> None:
    english, ukrainian = paths(words("en")), paths(words("uk"))
    assert list(english) == list(ukrainian)
    assert all(english.values())
    assert all(ukrainian.values())
    assert {path for path, text in {**english, **ukrainian}.items() if arguments(text)} == set()


def test_ukrainian_texts_have_ukrainian_letters_only() -> None:
    strange = re.compile("[ыэёъ]|[a-z][а-яіїєґ]|[а-яіїєґ][a-z]", re.IGNORECASE).search
    files = sorted((MESSAGES / "uk").glob("*.json"))
    texts = {
        (file.name, path): text
        for file in files
        for path, text in paths(json.loads(file.read_text(encoding="utf-8"))).items()
    }
    assert {place for place, text in texts.items() if strange(text)} == set()


def test_every_phrase_is_one_that_the_app_says() -> None:
    phrases: dict[str, str] = json.loads((MESSAGES / "uk" / "phrases.json").read_text(encoding="utf-8"))
    whole = "\n".join(CONSTANTS).lower()
    pieces = {piece for phrase in phrases for piece in re.split(r"'?\{\w+\}'?| or ", phrase.lower())}
    assert {piece for piece in pieces if piece.strip(" ',().") not in whole} == set()
    assert {english for english, ours in phrases.items() if not names(ours) <= names(english)} == set()


def names(text: str) -> set[str]:
    return {argument.name for argument in arguments(re.sub("'", "’", text))}
