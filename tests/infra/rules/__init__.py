"""The rules that a deployment keeps to, over its evaluated resources, and the fault that each has to find."""
