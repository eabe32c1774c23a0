"""Reads the settings of the host and of the app from host.json, local.settings.json and the environment."""

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.processes import LocalProblem

STORAGE = "AzureWebJobsStorage"
TIMEOUT = "AzureFunctionsJobHost__functionTimeout"
"""The setting that takes the place of functionTimeout in host.json, as in Azure."""
EMULATOR = "UseDevelopmentStorage=true"
"""The short connection string of the emulator at its default port."""
_SAMPLE = "local.settings.sample.json"
_NAME = re.compile(r"%([^%\s]+)%")
_TIME_SPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """``extensions.queues`` of host.json, with the defaults of Azure's host; times are seconds."""

    batch_size: int = 16
    new_batch_threshold: int = 8
    max_dequeue_count: int = 5
    visibility_timeout: float = 0.0
    max_polling_interval: float = 60.0
    base64: bool = True


@dataclass(frozen=True, slots=True)
class HostSettings:
    """The settings of the host, and of the app in *values*; *function_timeout* is seconds, None means no limit."""

    values: Mapping[str, str] = field(repr=False)
    queues: QueueSettings = QueueSettings()
    route_prefix: str = "api"
    function_timeout: float | None = 1800.0
    custom_headers: Mapping[str, str] = field(default_factory=dict)

    def resolve(self, text: str, *, needed_by: str) -> str:
        """Return *text* with each ``%NAME%`` replaced by the setting of that name."""
        return _NAME.sub(lambda match: self.value(match[1], needed_by=needed_by), text)

    def value(self, name: str, *, needed_by: str) -> str:
        """Return the setting *name*; raises `LocalProblem` when it is missing."""
        if not (value := self.values.get(name)):
            raise LocalProblem(
                f"Setting {name} is missing, and {needed_by} needs it: "
                f"set it in local.settings.json ({_SAMPLE} shows how) or in the environment."
            )
        return value


def read_settings(folder: Path, environment: Mapping[str, str]) -> HostSettings:
    """Read both files in *folder*; a value of the environment wins over local.settings.json.

    Raises `LocalProblem` that names the file and the field that cannot be used.
    """
    host = _Section("host.json", _json(folder / "host.json"))
    if timeout := environment.get(TIMEOUT):
        host.fields["functionTimeout"] = timeout
    extensions = host.section("extensions")
    http = extensions.section("http")
    return HostSettings(
        values={**_local_values(folder / "local.settings.json"), **environment},
        queues=_queues(extensions.section("queues")),
        route_prefix=str(http.fields.get("routePrefix", "api")),
        function_timeout=None
        if host.fields.get("functionTimeout") in {-1, "-1"}
        else host.seconds("functionTimeout", 1800),
        custom_headers={name: str(value) for name, value in http.section("customHeaders").fields.items()},
    )


def refuse_real_address(values: Mapping[str, str]) -> None:
    """Raise `LocalProblem` unless KLAVIYO_BASE_URL is an address of this machine."""
    url = values.get("KLAVIYO_BASE_URL", "")
    if is_loopback(urlsplit(url).hostname or ""):
        return
    said = f"is '{url}'" if url else "is not set, which means the real Klaviyo"
    raise LocalProblem(
        f"KLAVIYO_BASE_URL {said}: the local host refuses the real address without --real. "
        f"Set it to the simulator's address; {_SAMPLE}, copied to local.settings.json, does."
    )


def is_loopback(name: str) -> bool:
    """Tell whether *name* is a name of this machine, or an address that only this machine reaches."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.lower() == "localhost"


class _Section:
    """An object in a JSON file, read with defaults; raises `LocalProblem` that names the field that cannot be used."""

    def __init__(self, where: str, fields: Any) -> None:
        if not isinstance(fields, dict):
            raise LocalProblem(f"{where} must be an object.")
        self._where = where
        self.fields = fields

    def section(self, name: str) -> "_Section":
        return _Section(f"{self._where} {name}", self.fields.get(name) or {})

    def whole(self, name: str, default: int, allowed: range) -> int:
        value = self.fields.get(name, default)
        if type(value) is int and value in allowed:
            return value
        raise LocalProblem(
            f"{self._where} {name} must be a whole number from {allowed[0]} to {allowed[-1]}, not {value!r}."
        )

    def seconds(self, name: str, default: float) -> float:
        if name not in self.fields:
            return default
        if not (match := _TIME_SPAN.fullmatch(str(self.fields[name]))):
            raise LocalProblem(f"{self._where} {name} must be a time like '00:02:00', not {self.fields[name]!r}.")
        days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _queues(section: _Section) -> QueueSettings:
    default = QueueSettings()
    batch_size = section.whole("batchSize", default.batch_size, range(1, 33))
    encoding = section.fields.get("messageEncoding", "base64")
    if encoding not in {"base64", "none"}:
        raise LocalProblem(f"host.json extensions queues messageEncoding must be 'base64' or 'none', not {encoding!r}.")
    return QueueSettings(
        batch_size=batch_size,
        new_batch_threshold=section.whole("newBatchThreshold", batch_size // 2, range(1001)),
        max_dequeue_count=section.whole("maxDequeueCount", default.max_dequeue_count, range(1, 1001)),
        visibility_timeout=section.seconds("visibilityTimeout", default.visibility_timeout),
        max_polling_interval=section.seconds("maxPollingInterval", default.max_polling_interval),
        base64=encoding == "base64",
    )


def _local_values(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    document = _Section(path.name, _json(path))
    if document.fields.get("IsEncrypted"):
        raise LocalProblem("local.settings.json is encrypted: run 'func settings decrypt' first.")
    values = document.section("Values").fields
    for name, value in values.items():
        if not isinstance(value, str):
            raise LocalProblem(f"local.settings.json: the value of {name} must be text, in quotes.")
    return values


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise LocalProblem(f"There is no {path.name} in {path.parent}: start the host in the app's folder.") from None
    except (OSError, ValueError) as error:
        raise LocalProblem(f"{path.name} cannot be read as JSON: {error}.") from error
