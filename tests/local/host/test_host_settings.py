"""What the host reads before it starts, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.host.settings import HostSettings, QueueSettings, read_settings, refuse_real_address
from local.processes import LocalProblem


def folder_with(folder: Path, host: Any, local: Any = None) -> Path:
    (folder / "host.json").write_text(json.dumps(host))
    if local is not None:
        (folder / "local.settings.json").write_text(json.dumps(local))
    return folder


def test_an_empty_host_json_leaves_the_defaults_of_azures_host(tmp_path: Path) -> None:
    settings = read_settings(folder_with(tmp_path, {}), {})
    assert settings == HostSettings(values={}, queues=QueueSettings(16, 8, 5, 0, 60, True), route_prefix="api")
    assert settings.function_timeout == 1800


def test_host_json_decides_about_queues_routes_and_the_time_limit(tmp_path: Path) -> None:
    queues = {
        "batchSize": 3,
        "newBatchThreshold": 2,
        "maxDequeueCount": 7,
        "visibilityTimeout": "00:02:30",
        "maxPollingInterval": "00:00:15",
        "messageEncoding": "none",
    }
    host = {"functionTimeout": "1.02:03:04", "extensions": {"queues": queues, "http": {"routePrefix": ""}}}
    settings = read_settings(folder_with(tmp_path, host), {})
    assert settings.queues == QueueSettings(3, 2, 7, 150, 15, False)
    assert settings.route_prefix == ""
    assert settings.function_timeout == 86400 + 2 * 3600 + 3 * 60 + 4


def test_a_time_limit_of_minus_one_is_none(tmp_path: Path) -> None:
    assert read_settings(folder_with(tmp_path, {"functionTimeout": "-1"}), {}).function_timeout is None
    setting = {"AzureFunctionsJobHost__functionTimeout": "00:00:07"}
    assert read_settings(folder_with(tmp_path, {"functionTimeout": "-1"}), setting).function_timeout == 7


@pytest.mark.parametrize(
    ("queues", "named"),
    [
        ({"batchSize": 33}, "batchSize must be a whole number from 1 to 32, not 33"),
        ({"batchSize": True}, "batchSize"),
        ({"newBatchThreshold": -1}, "newBatchThreshold"),
        ({"maxDequeueCount": "5"}, "maxDequeueCount"),
        ({"visibilityTimeout": "2 minutes"}, "visibilityTimeout must be a time like '00:02:00', not '2 minutes'"),
        ({"messageEncoding": "base32"}, "messageEncoding must be 'base64' or 'none', not 'base32'"),
        ([1], "queues must be an object"),
    ],
)
def test_what_cannot_be_used_in_host_json_is_named(tmp_path: Path, queues: Any, named: str) -> None:
    with pytest.raises(LocalProblem) as problem:
        read_settings(folder_with(tmp_path, {"extensions": {"queues": queues}}), {})
    assert named in str(problem.value)


def test_the_environment_wins_over_local_settings(tmp_path: Path) -> None:
    local = {"Values": {"QUEUE_NAME": "from-file", "ONLY_FILE": "file"}}
    settings = read_settings(folder_with(tmp_path, {}, local), {"QUEUE_NAME": "from-environment"})
    assert settings.values == {"QUEUE_NAME": "from-environment", "ONLY_FILE": "file"}


@pytest.mark.parametrize(
    ("local", "named"),
    [
        ({"IsEncrypted": True}, "func settings decrypt"),
        ({"Values": {"LEG_BUDGET_SECONDS": 5}}, "LEG_BUDGET_SECONDS must be text"),
        ({"Values": "x"}, "Values must be an object"),
        ([], "local.settings.json must be an object"),
    ],
)
def test_local_settings_that_cannot_be_used_are_a_problem(tmp_path: Path, local: Any, named: str) -> None:
    with pytest.raises(LocalProblem) as problem:
        read_settings(folder_with(tmp_path, {}, local), {})
    assert named in str(problem.value)


def test_broken_json_is_a_problem_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "host.json").write_text("{")
    with pytest.raises(LocalProblem, match=r"^host\.json cannot be read as JSON: .*line 1"):
        read_settings(tmp_path, {})


def test_names_between_percent_signs_are_settings() -> None:
    settings = HostSettings(values={"A": "x", "B": "y"})
    assert settings.resolve("%A%-%B%-c", needed_by="it") == "x-y-c"


@pytest.mark.parametrize("values", [{}, {"QUEUE_NAME": ""}])
def test_a_missing_setting_is_a_problem_that_says_who_needs_it(values: dict[str, str]) -> None:
    with pytest.raises(LocalProblem, match=r"^Setting QUEUE_NAME is missing, and function 'x' needs it: "):
        HostSettings(values=values).resolve("%QUEUE_NAME%", needed_by="function 'x'")


def test_settings_keep_their_values_to_themselves_when_printed() -> None:
    assert "pk_secret" not in repr(HostSettings(values={"SECRET_KLAVIYO_ACME": "pk_secret"}))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8642", "http://localhost", "https://[::1]:1", "http://127.8.9.1"])
def test_an_address_of_this_machine_is_no_real_address(url: str) -> None:
    refuse_real_address({"KLAVIYO_BASE_URL": url})


@pytest.mark.parametrize(
    "url",
    [
        "https://a.klaviyo.com",
        "http://127.0.0.1.example.com",
        "http://localhost@a.klaviyo.com",
        "https://10.0.0.1",
        "localhost:80",
        "",
    ],
)
def test_every_other_address_is_refused(url: str) -> None:
    with pytest.raises(LocalProblem, match="the local host refuses the real address without --real"):
        refuse_real_address({"KLAVIYO_BASE_URL": url})


def test_no_address_is_refused_as_it_means_klaviyo_itself() -> None:
    with pytest.raises(LocalProblem, match="is not set, which means the real Klaviyo"):
        refuse_real_address({})
