"""Counts what Azure bills, and what that costs."""
