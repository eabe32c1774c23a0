"""The export of customer segments from Azure Blob Storage to Klaviyo lists.

Floors; each imports only floors below it:

    function_app    triggers: parse, call, answer
    api             the management API over HTTP
    bootstrap       the app of this process, wired up at the first call
    wiring          settings become adapters, adapters become the product
    app             the product, wired up, as the triggers and the management API see it
    control         the control plane: what people and the timer ask for
    pipeline        the data plane: what a run does
    store           every document that the app keeps
    ports           the seams: Protocols over domain types
    domain          pure: no I/O, no clock, no randomness, no logging

``adapters`` and ``settings`` stand beside the floors from ``store`` to ``control``. Only ``wiring`` knows the adapters.
``watchdog``, which knows nothing of the product, ends a process whose event loop is held.
"""

VERSION = "0.1.0"
"""The release, as in ``pyproject.toml``, which is not deployed."""
