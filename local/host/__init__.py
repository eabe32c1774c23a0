"""A small functions host: runs the triggers of an app by the rules of Azure's host, with the azure-functions API."""
