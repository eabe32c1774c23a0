"""The second phase: it sends the rows to Klaviyo."""
