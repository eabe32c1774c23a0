"""The worker: the process that holds the app and runs its functions, apart from the host that calls them."""
