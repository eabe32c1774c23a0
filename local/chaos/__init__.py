"""Chaos: real processes, killed at random moments, and every row compared with the truth at the end."""
