"""The index of all runs, newest first: its entries, and how missing ones get in."""
