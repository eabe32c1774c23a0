"""The data plane: what a run does, from its plan to its end."""
