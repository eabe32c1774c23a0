"""The export of customer segments from Azure Blob Storage to Klaviyo lists.

Floors, each importing only what lies below it:

    function_app                triggers: parse, call, answer
    api                         management API
    bootstrap                   the app of this process
    wiring                      the only place that knows everybody
    app                         the product, wired up
    settings, pipeline, adapters    neighbours that do not import each other
    ports                       Protocols over domain types
    domain                      pure: no I/O, no clock, no randomness, no logging
"""
