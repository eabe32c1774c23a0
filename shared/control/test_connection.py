"""Finds out whether a connection leads where it should, and says everything that stands in the way of its runs."""

from dataclasses import dataclass

from shared.control.klaviyo_check import ConnectionCheck, check_connection
from shared.domain.config.connection import Connection
from shared.domain.errors import ConfigurationError, Fatal
from shared.pipeline.watching.wanted import remember_account
from shared.ports import Documents, Secrets, Sinks


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found out: *check* is None where Klaviyo could not be asked; without *problems* runs can go."""

    check: ConnectionCheck | None
    problems: tuple[str, ...]


async def examine_connection(
    connection: Connection, list_id: str | None, *, documents: Documents, secrets: Secrets, sinks: Sinks
) -> Examination:
    """Ask the key of *connection*, as its secret has it now, and remember the account that it leads to.

    Raises `Retryable`; whatever a person must mend is a problem of the answer.
    """
    check, problems = None, []
    try:
        connection.check_consent()
    except ConfigurationError as error:
        problems.append(str(error))
    try:
        await secrets.get(connection.secret_name, fresh=True)  # so that no key of some minutes ago is asked
        check = await check_connection(sinks(connection.secret_name), list_id)
    except Fatal as error:
        return Examination(None, (*problems, str(error)))
    problems += _problems(connection, check)
    await remember_account(documents, connection, check.account.id if check.account else None)
    return Examination(check, tuple(problems))


def _problems(connection: Connection, check: ConnectionCheck) -> list[str]:
    """Return what *check* found that would fail a run."""
    found = []
    if check.account and connection.account_id not in (None, check.account.id):
        found.append(
            f"The key in secret '{connection.secret_name}' leads to the Klaviyo account {check.account.id}, but the "
            f"connection is for {connection.account_id}. Put a key of that account into the secret, or save the "
            "connection with an account_id of null when it shall be for the other one."
        )
    found += [f"The key lacks the scope {scope.name}, {scope.needed_for}." for scope in check.missing if scope.required]
    if check.list_problem:
        found.append(check.list_problem)
    return found
