"""What the timer keeps in mind from tick to tick."""
