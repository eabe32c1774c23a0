"""Faults in how the local host stands in for Azure's, and in how the app reads what a host hands on."""

from tests.mutants.mutant import Mutant

_TABLE = "tests/local/host/http/test_real_host_table.py"
_WORKER = "tests/local/host/test_worker_process.py"

IN_HOSTING = (
    Mutant(
        "plainer route before the first name",
        "local/host/http/routes.py",
        "for function in sorted(functions, key=lambda function: function.name.lower())",
        'for function in sorted(functions, key=lambda function: str(function.trigger).count("{"))',
        _TABLE,
    ),
    Mutant(
        "body in chunks handed on",
        "local/host/http/requests.py",
        "    if request.content_length is None:\n        async for _ in request.content.iter_any():\n            pass\n"
        '        return b""\n',
        "",
        _TABLE,
    ),
    Mutant(
        "calls of one worker get each other's place",
        "local/host/worker/process.py",
        "self._calls.pop(number, None)",
        "self._calls.pop(self._number, None)",
        f"{_WORKER}::test_calls_beside_each_other_each_get_their_answer",
    ),
    Mutant(
        "worker lives on after its time limit",
        "local/host/invocation.py",
        "                await self._worker.kill()\n",
        "                pass\n",
        f"{_WORKER}::test_a_function_that_takes_too_long_costs_the_worker_its_life_with_everything_in_it",
    ),
    Mutant(
        "empty query parameters passed over",
        "shared/api/http/entrance.py",
        "keep_blank_values=True",
        "keep_blank_values=False",
        "tests/api/test_entrance.py::test_an_empty_parameter_that_the_host_drops_is_a_bad_request",
    ),
)
