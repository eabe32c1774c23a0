"""The demonstration: exports a segment from blob storage into a Klaviyo list and shows the result."""
