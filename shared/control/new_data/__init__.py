"""Starts exports whenever new data is there: looks at their segments, and makes the runs."""
