"""The outside world, one folder a vendor."""
