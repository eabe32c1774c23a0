"""Settings as somebody gives them: those that a test is about, beside the storage that each app needs."""

import pytest

from shared.domain.errors import ConfigurationError
from shared.settings import STORAGE, Settings

KEY = "c2VjcmV0LWtleQ=="
CONNECTION = f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={KEY};EndpointSuffix=core.windows.net"


def settings_of(**values: str) -> Settings:
    """Return the settings that *values* make."""
    return Settings.from_environment({STORAGE: CONNECTION, **values})


def refusal_of(**values: str) -> str:
    """Return the sentence with which *values* are refused."""
    with pytest.raises(ConfigurationError) as raised:
        settings_of(**values)
    return str(raised.value)
