"""The loop that docs/api.md shows ends however a run ends, and its exit status says how."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

API = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
ENDED, AT_WORK = '{{"status":"{}","ended_at":"2026-11-28T06:00:00Z"}}', '{"status":"exporting","ended_at":null}'


def wait(*answers: str) -> "subprocess.CompletedProcess[str]":
    """Play the loop against *answers*, one a look; after the last one, nobody answers any more."""
    [loop] = re.findall(r"^wait_for\(\) \{\n.*?^\}\n", API, re.DOTALL | re.MULTILINE)
    [ask] = re.findall(r"^ask\(\) .*$", API, re.MULTILINE)
    script = (
        'curl() { [[ -s answers ]] && head -n 1 answers | tr -d "\\n" && sed -i 1d answers; }\n'
        f"{ask}\nsleep() {{ :; }}\nprintf '%s\\n' \"$@\" >answers\n{loop}\nwait_for /api/exports/vip/runs/1\n"
    )
    command = ["bash", "-c", f'cd "$(mktemp -d)"\n{script}', "wait", *answers]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize(
    ("status", "code"), [("succeeded", 0), ("partial", 0), ("failed", 1), ("cancelled", 1), ("skipped", 1)]
)
def test_the_loop_ends_with_the_run_and_fails_unless_the_run_ended_well(status: str, code: int) -> None:
    ended = wait(AT_WORK, AT_WORK, ENDED.format(status), AT_WORK)
    assert ended.returncode == code
    assert f'"status":"{status}"' in ended.stdout


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_the_loop_fails_when_nobody_answers() -> None:
    assert wait(AT_WORK).returncode == 1
