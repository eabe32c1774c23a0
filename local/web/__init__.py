"""Builds the page of the app from ``web/``. Only Python's own library is needed, so that any Python builds it."""
