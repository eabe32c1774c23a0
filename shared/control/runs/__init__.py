"""What people do with runs: start, cancel and stop them."""
