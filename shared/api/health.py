"""Whether the app is up; it asks nobody, so that a slow neighbour does not make a healthy app look ill."""

import azure.functions as func


def health() -> func.HttpResponse:
    """``GET /health``: 200."""
    return func.HttpResponse(b'{"status":"ok"}', mimetype="application/json", headers={"Cache-Control": "no-store"})
