"""The settings that a deployment with the defaults would hand to the app: the environment of a test that wants them."""

import re
from collections.abc import Mapping

from tests.infra.snapshots.evaluated import Deployment

_KNOWN_LATER = re.compile(r"reference\('[^']*', '[^']*'\)\.([\w.]+)|environment\(\)\.([\w.]+)")


def deployed_settings(deployment: Deployment, known: Mapping[str, str]) -> dict[str, str]:
    """Return the app settings by name; *known* gives what only Azure knows, by its property, such as ``clientId``."""
    return {name: _resolved(value, known) for name, value in deployment.app_settings().items()}


def _resolved(value: str, known: Mapping[str, str]) -> str:
    """Return what the expression *value* is where the properties of resources are as *known*."""
    if not value.startswith("["):
        return value
    text = _KNOWN_LATER.sub(lambda match: f"'{known[match[1] or match[2]]}'", value[1:-1])
    if literal := re.fullmatch(r"'([^']*)'", text):
        return literal[1]
    if formatted := re.fullmatch(r"format\((.*)\)", text):
        pattern, *values = re.findall(r"'([^']*)'", formatted[1])
        return str(pattern).format(*values)
    raise KeyError(f"Nothing is known of {value}.")
