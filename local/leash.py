"""Run a command on a leash: it is stopped when standard input ends.

    python leash.py GRACE COMMAND...

Standard input ends when whoever holds its other end lets go, or dies of anything at all: no process outlives the one
that wanted it, on any Unix. The first line on standard output is the command's process id, or why it cannot be started.
The command gets GRACE seconds between SIGTERM and SIGKILL, and nothing of its process group stays.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading


def main() -> int:
    """Run the command and return its exit code."""
    grace, command = float(sys.argv[1]), sys.argv[2:]
    if not shutil.which(command[0]):
        print(f"{command[0]}: no such command", flush=True)
        return 127
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        process_group=0,  # so that what it starts can be ended with it
        preexec_fn=_say_id,  # noqa: PLW1509 - before the command can say anything, and no thread runs yet
    )
    # A signal meant for the command is handed on; ignoring it instead would be inherited.
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    signal.signal(signal.SIGINT, lambda *_: process.send_signal(signal.SIGINT))
    threading.Thread(target=_stop_when_let_go, args=(process, grace), daemon=True).start()
    code = process.wait()
    _end_group(process.pid)
    return code if code >= 0 else 128 - code


def _say_id() -> None:
    os.write(1, f"{os.getpid()}\n".encode())


def _stop_when_let_go(process: "subprocess.Popen[bytes]", grace: float) -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    process.terminate()
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()


def _end_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
