"""Keeps chance out of what the allocator costs."""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Names of mallopt(3)."""
KEPT_BYTES = 1 << 28
LARGEST_HEAP_BYTES = 1 << 25


def keep_freed_memory() -> bool:
    """Let this process keep the memory that it frees; return False where its allocator knows no such wish.

    The encoder begins each profile in a larger piece of memory and frees the end of it. Where nothing stands behind
    that, glibc gives the end back to the system each time, which takes longer than all else; whether something does
    is chance.
    """
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(set_option(M_TRIM_THRESHOLD, KEPT_BYTES) and set_option(M_MMAP_THRESHOLD, LARGEST_HEAP_BYTES))
