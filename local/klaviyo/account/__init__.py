"""What a simulated account holds: profiles, lists, import jobs."""
