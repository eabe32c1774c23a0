"""A small app that shows what a host makes of requests and answers; start a host in this folder."""
