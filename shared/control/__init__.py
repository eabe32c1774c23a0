"""The control plane: what people and the timer ask the app to do, a verb a file."""
