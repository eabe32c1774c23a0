"""Klaviyo's published rules for an import, and its rate limits."""
