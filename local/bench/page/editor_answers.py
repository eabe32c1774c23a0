"""Answers of the app for the form of an export whose segment has many columns, over an account with many lists."""

from typing import Any

COLUMNS, MAPPED, LISTS = 200, 60, 1_000
VALUE_THAT_STAYS = f"значення {MAPPED}"
"""A value of the first column that is not mapped."""
COLUMN_NAMES = [
    f"Стовпець_{number:03} значення клієнта" if number % 3 else f"عمود {number:03}" for number in range(COLUMNS)
]
_TIME = "2026-11-23T06:00:00Z"


def connections(_asked: dict[str, str]) -> Any:
    """Answer ``GET /connections`` with one connection."""
    consent = {"accepted": True, "accepted_by": "dana", "claimed": False, "accepted_at": _TIME, "text": "2026-11"}
    none = dict.fromkeys(("language", "withdrawn_by", "withdrawn_label", "withdrawn_at"))
    one = {
        "schema": 1,
        "id": "acme",
        "kind": "klaviyo",
        "display_name": "Acme_Klaviyo",
        "account_id": "AbC123",
        "shared_with": "contributors",
        "secret_name": "klaviyo-acme",
        "consent": {**consent, **none},
        "may": ["change", "use", "test", "remove"],
        "self": "/api/connections/acme",
    }
    return {"connections": [one], "next": None}


def lists(_asked: dict[str, str]) -> Any:
    """Answer ``GET /connections/{id}/lists``."""
    names = (f"Список розсилки {number:04} для постійних покупців" for number in range(LISTS))
    found = [{"id": f"LsT{number:03}", "name": name, "opt_in": "single_opt_in"} for number, name in enumerate(names)]
    return {"lists": found, "is_complete": True}


def segments(_asked: dict[str, str]) -> Any:
    """Answer ``GET /segments`` with one segment of many columns."""
    wide = {
        "name": "wide",
        "files": 1,
        "bytes": 205_000_000,
        "last_modified": _TIME,
        "formats": ["csv"],
        "unreadable": 0,
        "passed_over": 0,
        "archived": 0,
        "has_subfolders": False,
        "layout": "flat",
        "state": None,
        "columns": COLUMN_NAMES,
        "types": dict.fromkeys(COLUMN_NAMES, "text"),
        "problem": None,
        "dialects": [],
        "warnings": [],
    }
    return {"segments": [wide], "next": None, "warnings": []}


def preview(_asked: dict[str, str]) -> Any:
    """Answer ``POST /exports/{id}/preview`` with the columns and some of their values."""
    values = {name: [f"значення {number}", "مرحبا بالعالم", "x" * 60] for number, name in enumerate(COLUMN_NAMES)}
    found: dict[str, Any] = {"found": COLUMN_NAMES, "values": values, "unmapped": COLUMN_NAMES}
    empty: dict[str, Any] = {"profiles": [], "rejections": [], "left_out": {}, "notes": [], "warnings": []}
    return {**empty, "duplicates": 0, "columns": found, "rows_read": 1, "estimate": None}
