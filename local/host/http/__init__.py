"""HTTP as Azure's host speaks it: what it takes, which function it calls, and what it makes of the answer."""
