"""A stand-in for Klaviyo: keeps what is published and observed of its API, revision 2026-10-15, in memory.

It is the other side: nothing here shares a rule with the product, so that a mistake of ours is not made twice.

What it takes from an address (see `addresses`): everybody at refused.example.com is refused at once, everybody at
late.example.com fails inside the import job. What else goes wrong is asked for, see `behaviour`.

What it does not do: profile ids, ``_kx`` and ``meta`` in an import (400, saying so), ``include``, merging a profile
that has an e-mail address with one that is known by its phone number or external id only.
"""
