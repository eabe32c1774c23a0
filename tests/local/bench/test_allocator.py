"""What the allocator costs is no chance where it can be told to keep what is freed."""

import platform
import subprocess
import sys

CALL = "from local.bench.rows.allocator import keep_freed_memory; print(keep_freed_memory())"


def test_glibc_can_be_told_to_keep_what_is_freed_and_other_allocators_are_left_alone() -> None:
    told = subprocess.run([sys.executable, "-c", CALL], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout == f"{platform.libc_ver()[0] == 'glibc'}\n"
