"""The description of the API, over the API."""

from http import HTTPStatus

from shared.api.exchange import Answer, Request


async def get_openapi(request: Request) -> Answer:  # noqa: ARG001 - the same for everybody
    """Give this description."""
    from shared.api.openapi import openapi  # noqa: PLC0415 - it is made of the table in which this call stands

    return Answer(HTTPStatus.OK, openapi())
