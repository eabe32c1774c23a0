"""One leg of a run: it takes the lease, and walks through the phases."""
