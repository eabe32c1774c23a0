"""What every phase needs while it works: the lease, the heartbeat, the notes, the time limit."""
