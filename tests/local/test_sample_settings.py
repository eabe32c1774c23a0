"""host.json and local.settings.sample.json: what a person copies, and what the hosts then do with it."""

import json
from pathlib import Path
from typing import Any

from local.host.settings import read_settings, refuse_real_address
from shared.settings import SETTING_NAMES, STORAGE, Settings

ROOT = Path(__file__).parents[2]
SAMPLE: dict[str, Any] = json.loads((ROOT / "local.settings.sample.json").read_text())


def test_the_sample_names_every_setting_of_the_app() -> None:
    assert set(SAMPLE["Values"]) == SETTING_NAMES | {"FUNCTIONS_WORKER_RUNTIME"}


def test_the_sample_is_what_func_start_takes() -> None:
    assert SAMPLE["IsEncrypted"] is False
    assert SAMPLE["Values"]["FUNCTIONS_WORKER_RUNTIME"] == "python"
    assert all(isinstance(value, str) for value in SAMPLE["Values"].values())


def test_the_sample_never_leads_to_klaviyo_itself() -> None:
    refuse_real_address(SAMPLE["Values"])


def test_the_numbers_of_the_sample_are_the_defaults() -> None:
    bare = Settings.from_environment({STORAGE: "UseDevelopmentStorage=true"})
    sampled = Settings.from_environment(SAMPLE["Values"])
    assert {
        name: getattr(sampled, name)
        for name in Settings.__dataclass_fields__
        if getattr(sampled, name) != getattr(bare, name)
    } == {"klaviyo_base_url": "http://127.0.0.1:8642", "secrets": {"SECRET_KLAVIYO_ACME": "pk_simulator"}}


def test_host_json_is_read_as_azure_reads_it() -> None:
    settings = read_settings(ROOT, {})
    assert settings.route_prefix == "api"
    assert settings.function_timeout == 900
    queues = settings.queues
    assert queues.base64
    assert (queues.batch_size, queues.max_dequeue_count) == (4, 5)
    assert (queues.visibility_timeout, queues.max_polling_interval) == (120, 15)
