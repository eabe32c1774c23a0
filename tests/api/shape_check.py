"""Answers of the management API and the shapes that its description gives them."""

import jsonschema

from shared.api.description.schemas import schemas
from tests.api.calling import Reply


def check(reply: Reply, status: int, shape: str) -> None:
    """Check an answer against the shape that the description gives it."""
    assert reply.status == status
    document = {**schemas()[shape], "components": {"schemas": schemas()}}
    jsonschema.Draft202012Validator(document).validate(reply.json)
