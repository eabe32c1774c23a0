"""What people decide: connections with their consent, exports with their mapping and schedule."""
