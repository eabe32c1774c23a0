"""Whether the app is up; it asks nobody, so that a slow neighbour does not make a healthy app look ill."""

from http import HTTPStatus

import azure.functions as func

from shared.api.problems import answer


def health() -> func.HttpResponse:
    """``GET /health``: 200."""
    return answer(HTTPStatus.OK, {"status": "ok"})
