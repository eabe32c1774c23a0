"""A simulator of Klaviyo's API, revision 2026-10-15, in memory: published rules, and behaviour that was observed.

The simulator shares no rule with the product, so a mistake of the product is not repeated here.

Two e-mail domains have a fixed outcome (see `rules.email_addresses`): the simulator refuses addresses at
refused.example.com at once, and fails addresses at late.example.com inside the import job.
All other faults are settings, see `behaviour`.

Not simulated: profile ids, ``_kx`` and ``meta`` in an import (the answer is a 400 that says so), ``include``, and
merging a profile that has an e-mail address with a profile that has only a phone number or an external id.
"""
