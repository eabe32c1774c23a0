"""The settings of the simulator: speed, strictness, and shares of faults. A seed makes the faults reproducible."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Literal, get_args

from local.klaviyo.account.jobs import Fate
from local.klaviyo.http.endpoints import NAMES
from local.klaviyo.rules.profile_reader import PhoneRule

NamedRows = Literal["all", "first", "none"]
CountedAt = Literal["head", "body"]


class Fault(StrEnum):
    """The faults of one request."""

    NONE = "none"
    UNAVAILABLE = "unavailable"
    """The answer is 500, 502, 503 or 504; the request had no effect."""
    THROTTLED = "throttled"
    """The answer is 429 although no rate window is full."""
    RESET_BEFORE = "reset_before"
    """The connection is reset, and the request had no effect."""
    RESET_AFTER = "reset_after"
    """The request took effect, and the connection is reset instead of an answer."""
    SLOW = "slow"
    """The request took effect, and the answer comes late."""
    NO_JSON = "no_json"
    """The request took effect, and the body of the answer is an HTML page."""


class WrongSetting(ValueError):
    """A setting or its value is unknown; the message names the setting and the possible values."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The settings of the simulator; times are seconds.

    *requests* and *jobs* give each `Fault` and each `Fate` a share from 0 to 1.
    *script* and *job_script* name the faults of the next requests and jobs, in order; the shares apply after that.
    *endpoints* are the endpoints that can fail; an empty set means all.
    *counted_at* says when a request counts for the rate limits: when its head has come, or when its body has; nobody
    knows which of them Klaviyo does.
    *named_rows* says which refused profiles a 400 names.
    *phone_numbers* says what happens to a number that is not E.164; Klaviyo was seen to do both.
    *errors_without_payload* is the share of row errors that do not name the profile.
    """

    seed: int = 0
    limits: bool = True
    counted_at: CountedAt = "head"
    latency: float = 0.0
    jitter: float = 0.0
    job_seconds: float = 2.0
    requests: Mapping[Fault, float] = field(default_factory=dict)
    script: tuple[Fault, ...] = ()
    endpoints: frozenset[str] = frozenset()
    slow_seconds: float = 30.0
    retry_after: int = 2
    jobs: Mapping[Fate, float] = field(default_factory=dict)
    job_script: tuple[Fate, ...] = ()
    errors_without_payload: float = 0.0
    named_rows: NamedRows = "all"
    phone_numbers: PhoneRule = "dropped"

    def changed(self, document: Any) -> "Behaviour":
        """Return a copy with the settings of *document*; raises `WrongSetting` for an unknown setting or value."""
        if not isinstance(document, dict):
            raise WrongSetting("The settings must be a JSON object.")
        unknown = sorted(document.keys() - _READERS.keys())
        if unknown:
            raise WrongSetting(f"There is no setting {', '.join(unknown)}; there are {', '.join(_READERS)}.")
        return replace(self, **{name: _READERS[name](name, value) for name, value in document.items()})

    def document(self) -> dict[str, Any]:
        """Return all settings as a JSON object."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    """Return *value* as JSON has it."""
    if isinstance(value, Mapping):
        return {str(word): share for word, share in value.items()}
    return sorted(value) if isinstance(value, frozenset) else value


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise WrongSetting(f"{name} must be a number from 0 on, not {value!r}.")
    return float(value)


def _whole(name: str, value: Any) -> int:
    number = _number(name, value)
    if number != int(number):
        raise WrongSetting(f"{name} must be a whole number, not {value!r}.")
    return int(number)


def _share(name: str, value: Any) -> float:
    share = _number(name, value)
    if share > 1:
        raise WrongSetting(f"{name} must be a share from 0 to 1, not {value!r}.")
    return share


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongSetting(f"{name} must be true or false, not {value!r}.")
    return value


def _one_of(name: str, value: Any, known: Any) -> Any:
    if value not in tuple(known):
        raise WrongSetting(f"{name} must be one of {', '.join(known)}, not {value!r}.")
    return value


def _words(name: str, value: Any, known: Any) -> list[Any]:
    if not isinstance(value, list):
        raise WrongSetting(f"{name} must be a list of {', '.join(known)}.")
    return [_one_of(name, word, known) for word in value]


def _shares(name: str, value: Any, known: type[StrEnum]) -> dict[Any, float]:
    if not isinstance(value, dict):
        raise WrongSetting(f"{name} must be an object of shares.")
    shares = {known(_one_of(name, word, known)): _share(f"{name}.{word}", share) for word, share in value.items()}
    if sum(shares.values()) > 1:
        raise WrongSetting(f"The shares of {name} must not be more than 1 together.")
    return shares


_READERS: dict[str, Any] = {
    "seed": _whole,
    "limits": _switch,
    "counted_at": lambda name, value: _one_of(name, value, get_args(CountedAt)),
    "latency": _number,
    "jitter": _number,
    "job_seconds": _number,
    "requests": lambda name, value: _shares(name, value, Fault),
    "script": lambda name, value: tuple(Fault(word) for word in _words(name, value, Fault)),
    "endpoints": lambda name, value: frozenset(_words(name, value, sorted(NAMES))),
    "slow_seconds": _number,
    "retry_after": _whole,
    "jobs": lambda name, value: _shares(name, value, Fate),
    "job_script": lambda name, value: tuple(Fate(word) for word in _words(name, value, Fate)),
    "errors_without_payload": _share,
    "named_rows": lambda name, value: _one_of(name, value, get_args(NamedRows)),
    "phone_numbers": lambda name, value: _one_of(name, value, get_args(PhoneRule)),
}
