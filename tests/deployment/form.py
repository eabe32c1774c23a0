"""The form of the button "Deploy to Azure", and what it hands to the template where somebody fills it in."""

import json
import re
from pathlib import Path
from typing import Any

FORM = json.loads((Path(__file__).parents[2] / "infra" / "createUiDefinition.json").read_text(encoding="utf-8"))
QUESTIONS: dict[str, dict[str, Any]] = {each["name"]: each for each in FORM["parameters"]["basics"]}
OUTPUTS: dict[str, str] = FORM["parameters"]["outputs"]
REGION = "westeurope"
_ANSWER = re.compile(r"\[basics\('(\w+)'\)\]")
_IS = re.compile(r"\[equals\(basics\('(\w+)'\), '(\w+)'\)\]")


def answers(question: str) -> list[str]:
    """Return what may be chosen at *question*, what is chosen already first; of a text, what stands there already."""
    asked = QUESTIONS[question]
    if asked["type"].endswith("TextBox"):
        return [asked["defaultValue"]]
    choices = asked["constraints"]["allowedValues"]
    return [each["value"] for each in sorted(choices, key=lambda each: each["label"] != asked["defaultValue"])]


def filled_in(**given: str) -> dict[str, str | bool]:
    """Return the parameters that the form hands on where *given* was answered, and nothing else was changed."""
    chosen = {name: answers(name)[0] for name in QUESTIONS} | given
    return {name: _value(text, chosen) for name, text in OUTPUTS.items()}


def _value(text: str, chosen: dict[str, str]) -> str | bool:
    if text == "[location()]":
        return REGION
    if found := _ANSWER.fullmatch(text):
        return chosen[found[1]]
    if found := _IS.fullmatch(text):
        return chosen[found[1]] == found[2]
    raise ValueError(f"{text} says something that is not known here")
