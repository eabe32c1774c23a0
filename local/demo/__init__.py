"""The demonstration: a segment goes from blob storage into a Klaviyo list before one's eyes."""
