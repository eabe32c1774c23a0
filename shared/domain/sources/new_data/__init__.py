"""Whether new data is there: the state of each segment, and what looking at it again and again tells."""
