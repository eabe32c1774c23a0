"""What the product knows about itself: pure values and rules, without I/O, clock, randomness or logging."""
