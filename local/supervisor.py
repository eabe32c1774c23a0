"""Run a command, and stop the command when the parent process ends.

    python supervisor.py GRACE COMMAND...

The parent holds the other end of standard input. Standard input ends when the parent closes its end or dies, even by
SIGKILL, on any Unix; then the supervisor stops the command.
The first line on standard output is the process id of the command, or the reason why the command cannot be started.
The command gets GRACE seconds between SIGTERM and SIGKILL. At the end, SIGKILL goes to its whole process group.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading


def main() -> int:
    """Run the command and return its exit code: 128 + N after signal N, 127 when there is no such command."""
    grace, command = float(sys.argv[1]), sys.argv[2:]
    if not shutil.which(command[0]):
        print(f"{command[0]}: no such command", flush=True)
        return 127
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        process_group=0,  # so that the children of the command can be killed with it
        preexec_fn=_print_id,  # noqa: PLW1509 - before the command can print, and no thread runs yet
    )
    # The supervisor passes signals on. If it ignored them, the command would inherit that.
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    signal.signal(signal.SIGINT, lambda *_: process.send_signal(signal.SIGINT))
    threading.Thread(target=_stop_when_input_ends, args=(process, grace), daemon=True).start()
    code = process.wait()
    _kill_group(process.pid)
    return code if code >= 0 else 128 - code


def _print_id() -> None:
    os.write(1, f"{os.getpid()}\n".encode())


def _stop_when_input_ends(process: "subprocess.Popen[bytes]", grace: float) -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    process.terminate()
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
