"""Klaviyo: its wire format, its HTTP interface, and the sink made of both."""
