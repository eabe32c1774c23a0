"""The queues of a test."""

import pytest

from tests.local.host.desk import Desk


@pytest.fixture
def desk(azurite: str) -> Desk:
    return Desk(azurite)
