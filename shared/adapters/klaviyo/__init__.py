"""Klaviyo: the client for its HTTP API, the calls by what they are about, and the sink that puts them together."""
