"""How Hypothesis looks for examples here."""

from hypothesis import settings

settings.register_profile("domain", deadline=None)  # a busy machine is no bug
settings.load_profile("domain")
