"""Chaos test: it kills real hosts at random moments and compares every row with its expected outcome."""
