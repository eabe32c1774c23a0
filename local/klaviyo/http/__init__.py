"""The simulator's HTTP interface: endpoints, access, calls, answers and errors."""
