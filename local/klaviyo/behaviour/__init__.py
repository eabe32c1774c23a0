"""How the simulator behaves: its speed, its strictness, and the faults that it injects."""
