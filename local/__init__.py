"""The stand-ins for a laptop: functions host, storage, Klaviyo simulator, demo, sample segments, benchmark.

Nothing here is deployed, and nothing that is deployed imports it.
"""
