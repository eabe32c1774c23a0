"""The management API: requests in, answers and problems out."""
