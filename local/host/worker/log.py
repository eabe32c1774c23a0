"""Where host, worker and app log to."""

import logging
import sys


def log_to_standard_error() -> None:
    """Write what host, worker and app log to standard error, without the chatter of libraries."""
    logging.basicConfig(level=logging.INFO, format="[%(asctime)s] %(message)s", stream=sys.stderr)
    for chatty in ("azure", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
