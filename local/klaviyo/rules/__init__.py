"""Klaviyo's published rules and limits, as the simulator keeps them."""
