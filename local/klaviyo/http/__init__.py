"""The simulator's HTTP interface: addresses, calls, answers, faults."""
