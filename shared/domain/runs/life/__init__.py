"""What a run shows while it is under way: how far it has come, what holds it, how long it will take."""
