"""A simulated account: its keys, profiles, lists and import jobs."""
