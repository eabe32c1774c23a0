"""Tools around a deployment: what a release brings along, and the documents that move from one to another."""
