"""Profiles as Klaviyo's API has them."""

from collections.abc import Mapping
from typing import Any

import orjson


def encode_profile(attributes: Mapping[str, Any]) -> bytes:
    """Return one profile as it stands in a request: a JSON:API resource in compact UTF-8."""
    return orjson.dumps({"type": "profile", "attributes": attributes})
