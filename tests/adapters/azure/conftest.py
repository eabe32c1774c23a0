"""A Key Vault with a key in it."""

from collections.abc import AsyncIterator

import pytest

from local.vault import Vault, vault

KEY = "pk_0123456789abcdef"


@pytest.fixture
async def opened() -> AsyncIterator[Vault]:
    async with vault({"klaviyo-acme": KEY}) as opened:
        yield opened
