"""Tools for a laptop: functions host, storage emulator, Klaviyo simulator, demo, sample rows, benchmark, chaos test.

Nothing of this package is deployed.
No module that is deployed imports this package.
"""
