"""How a call comes in and how its answer goes out."""
