"""The first phase: it decides what a run reads, how it maps and where it sends."""
