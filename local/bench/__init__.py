"""The benchmark: the product against a bare loop and against Klaviyo's client, and under Klaviyo's limits."""
