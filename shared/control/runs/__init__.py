"""What people do with runs: start, list, cancel and stop them."""
