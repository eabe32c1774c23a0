"""What the app keeps of new data: which states were served, and what the looks at segments have seen."""
