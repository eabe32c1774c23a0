"""Measures what is done with the rows of a page: as the app does it, and in other ways."""
