"""Every document that the app keeps: its path, its shape, and who may change it."""
