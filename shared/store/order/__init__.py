"""Who goes first: the requests for runs of one export, and the runs that wait for one Klaviyo account."""
