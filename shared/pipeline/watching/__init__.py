"""What every phase needs while it works: the lease, the heartbeat, whether the run must stop, the time limit."""
