"""The errors that this product raises on purpose, grouped by what to do next.

ExportError
├── Retryable           wait, then try again: the run pauses and goes on by itself
│   ├── Throttled           the other side named a wait
│   └── Unavailable         no answer, or one that says "later"
├── Fatal               a person must act: the run ends and says what to do
│   ├── ConfigurationError  what was configured cannot work
│   │   ├── Damaged             what is stored cannot be read
│   │   └── UnknownList         the account has no such list
│   ├── CredentialsRefused  a key or a permission is missing
│   │   └── ScopeMissing        the key is good, but not for this
│   ├── ContractBroken      an answer that we do not understand
│   ├── LiveFlow            a first run into a list would set off flows
│   └── NoProgress          the run makes no progress
├── StopAsked           somebody wants the run to end
├── HostStops           the process ends: another one goes on
├── SourceChanged       a blob is not what it was when the run was planned
├── Conflict            a document is not what it was when it was read
└── LeaseLost           another leg may be at work by now
    ├── RunLeaseLost        on the same run
    └── AccountLeaseLost    over the same Klaviyo account

Further errors are defined nearer to their use:

- an ending of a run (`Fatal`): `BrakePulled`, `RowsNotIsolated`, `SourceTooOld`, `RowsOutsideLimits`;
- a segment that may be read later (`ConfigurationError`): `SourceIncomplete`;
- what the control plane refuses (`ExportError`), in control_errors.py: `RunActive`, `KeyReused`, `InUse`,
  `ExportExists`, `NoKey`, `KeyNotWritten`;
- what is wrong with a document that somebody writes (`ConfigurationError`): `WrongFields`;
- an answer to an HTTP call (`ExportError`): `BadRequest`, `Invalid`, `Unauthorized`, `Forbidden`, `NotFound`,
  `Refused`, `Missed`, `LengthMissing`, `TooLarge`, `Unprocessable`, `Unhealthy`,
  `Unforeseen`.

Every message is a sentence for a person on call: what happened, to which thing, what to do.
No message holds a key or an e-mail address.
"""

from shared.domain.sentences import Notice, Sentence, say

LONGEST_ASKED_SECONDS = 3600.0
"""The longest wait, in seconds, that the app keeps when Klaviyo or Azure asks for a wait.

Klaviyo counts requests by the second and by the minute, so one try an hour does no harm. One odd header must not stop
a run for days.
"""

CONNECTION_TROUBLE = say(
    "connection_trouble",
    "Something about the connection stands in the way, such as its key or its account; "
    "an administrator can test the connection, and sees what it is.",
)
"""The public sentence of every error whose own sentence names a secret, a vault or a Klaviyo account."""


class ExportError(Exception):
    """An error that this product raises on purpose.

    *sentence* is for administrators. *public* is for everybody else: it names no secret, no vault and no account.
    Without *public* both read the same sentence.
    """

    reason = "failed"
    """A stable word for documents and alerts; the sentences are for people."""

    def __init__(self, sentence: Sentence | str, *, public: Sentence | None = None) -> None:
        super().__init__(str(sentence))
        self.sentence = Sentence(self.reason, {}, sentence) if isinstance(sentence, str) else sentence
        self.public = public or self.sentence

    @property
    def notice(self) -> Notice:
        """Return the sentence for administrators and the public one."""
        return Notice(self.sentence, self.public)


class Retryable(ExportError):
    """What failed may work later; *after* is the wait, in seconds, that the other side asked for, or None."""

    reason = "unavailable"

    def __init__(self, sentence: Sentence | str, *, after: float | None = None, public: Sentence | None = None) -> None:
        super().__init__(sentence, public=public)
        self.after = after


class Throttled(Retryable):
    """The other side asked us to slow down."""

    reason = "throttled"


class Unavailable(Retryable):
    """The other side did not answer, or answered that it cannot now."""


class Fatal(ExportError):
    """What failed will not work until a person has changed something."""


class ConfigurationError(Fatal):
    """What was configured cannot work."""

    reason = "configuration"


class Damaged(ConfigurationError):
    """A stored document is not what the app has written."""

    reason = "document_damaged"


class UnknownList(ConfigurationError):
    """The Klaviyo account has no such list."""


class CredentialsRefused(Fatal):
    """A key is unknown, revoked or lacks a permission."""

    reason = "credentials_refused"


class ScopeMissing(CredentialsRefused):
    """A key is known but lacks a scope that a call needs."""

    reason = "scope_missing"


class ContractBroken(Fatal):
    """The other side answered something that its documentation does not allow."""

    reason = "contract_broken"


class LiveFlow(Fatal):
    """The first run into a list would set off flows, and nobody has said that this is wanted."""

    reason = "live_flow"


class NoProgress(Fatal):
    """The run makes no progress, although legs have taken the run up again and again."""

    reason = "no_progress"


class StopAsked(ExportError):
    """Somebody wants the run to end; the batches that were sent are settled first."""

    reason = "cancelled"


class HostStops(ExportError):
    """The process of the leg is about to end; the next leg goes on at once."""


class SourceChanged(ExportError):
    """A blob is not what it was when the run was planned."""

    reason = "source_changed"


class Conflict(ExportError):
    """Somebody else has written a document since it was read."""

    reason = "conflict"


class LeaseLost(ExportError):
    """A lease is lost: another leg may hold the lease by now."""

    reason = "lease_lost"


class RunLeaseLost(LeaseLost):
    """The lease of the run is lost: the leg ends at once and writes nothing more."""

    reason = "run_lease_lost"


class AccountLeaseLost(LeaseLost):
    """The lease of the Klaviyo account is lost: the leg sends nothing more and lets the run wait."""

    reason = "account_lease_lost"
