"""The third phase: it learns what became of the import jobs."""
