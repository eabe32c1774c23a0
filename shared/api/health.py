"""Whether the app is up; the answer does not depend on storage, vault or Klaviyo, which may be slow."""

import azure.functions as func


def health() -> func.HttpResponse:
    """``GET /health``: 200."""
    return func.HttpResponse(b'{"status":"ok"}', mimetype="application/json", headers={"Cache-Control": "no-store"})
