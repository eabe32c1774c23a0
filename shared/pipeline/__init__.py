"""Use-cases: the order in which things happen, told through the ports."""
