"""What the host makes of an app's bindings."""

import azure.functions as func
import pytest

from local.host.functions import Http, Queue, Timer, read_functions
from local.host.settings import HostSettings
from local.host.worker.inside import WorkerInside
from local.host.worker.performing import Performer
from local.processes import LocalProblem

STORAGE = "AzureWebJobsStorage"
SETTINGS = HostSettings(values={"QUEUE_NAME": "wake-ups", "SCHEDULE": "0 * * * * *"})


def test_triggers_and_outputs_are_read_from_the_public_interface_of_the_app() -> None:
    app = func.FunctionApp()

    @app.timer_trigger(arg_name="timer", schedule="%SCHEDULE%", run_on_startup=True)
    @app.queue_output(arg_name="out", queue_name="%QUEUE_NAME%", connection=STORAGE)
    async def tick(timer: func.TimerRequest, out: func.Out[str]) -> None: ...

    @app.queue_trigger(arg_name="message", queue_name="%QUEUE_NAME%", connection="OTHER")
    async def work(message: func.QueueMessage) -> None: ...

    @app.route("things/{id}", methods=["GET", "DELETE"])
    async def things(req: func.HttpRequest) -> None: ...

    @app.function_name("renamed")
    @app.route()
    async def every(req: func.HttpRequest) -> None: ...

    functions = {function.name: function for function in read_functions(Performer(app).functions, SETTINGS)}
    assert list(functions) == ["renamed", "things", "tick", "work"]
    assert isinstance(functions["tick"].trigger, Timer)
    assert functions["tick"].trigger.at_start
    assert functions["tick"].argument == "timer"
    assert functions["tick"].outputs == {"out": Queue("wake-ups", STORAGE)}
    assert functions["work"].trigger == Queue("wake-ups", "OTHER")
    assert functions["things"].trigger == Http("things/{id}", ("GET", "DELETE"))
    assert functions["renamed"].trigger == Http("renamed", ("GET", "POST", "DELETE", "HEAD", "PATCH", "PUT", "OPTIONS"))


def test_an_output_of_a_type_that_azure_refuses_is_refused() -> None:
    app = func.FunctionApp()

    @app.timer_trigger(arg_name="timer", schedule="%SCHEDULE%")
    @app.queue_output(arg_name="out", queue_name="%QUEUE_NAME%", connection=STORAGE)
    async def tick(timer: func.TimerRequest, out: func.Out[list[str]]) -> None: ...

    with pytest.raises(ValueError, match="Function 'tick': Azure's worker refuses the type of 'out'; write List"):
        Performer(app)


def app_with(schedule: str = "0 * * * * *", queue: str = "q", route: str = "r") -> func.FunctionApp:
    app = func.FunctionApp()

    @app.timer_trigger(arg_name="timer", schedule=schedule)
    @app.queue_output(arg_name="$return", queue_name=queue, connection=STORAGE)
    async def tick(timer: func.TimerRequest) -> None: ...

    @app.route(route)
    async def ask(req: func.HttpRequest) -> None: ...

    return app


@pytest.mark.parametrize(
    ("app", "named"),
    [
        (app_with(schedule="%NOWHERE%"), "Setting NOWHERE is missing, and the schedule of function 'tick' needs it"),
        (app_with(schedule="hourly"), "The schedule of function 'tick' cannot be used: 'hourly' has 1 fields"),
        (app_with(queue="%NOWHERE%"), "Setting NOWHERE is missing, and the queue of function 'tick' needs it"),
        (app_with(route="a/{id:int}"), "Function 'ask' has the route 'a/{id:int}'"),
        (app_with(route="a/{*rest}/b"), "Function 'ask' has the route 'a/{*rest}/b'"),
        (app_with(route="a/{id}.json"), "Function 'ask' has the route 'a/{id}.json'"),
    ],
)
def test_what_cannot_work_is_named_with_its_function(app: func.FunctionApp, named: str) -> None:
    with pytest.raises(LocalProblem) as problem:
        read_functions(Performer(app).functions, SETTINGS)
    assert named in str(problem.value)


def test_a_trigger_that_the_host_does_not_know_is_named() -> None:
    app = func.FunctionApp()

    @app.blob_trigger(arg_name="blob", path="x/{name}", connection=STORAGE)
    async def arrived(blob: func.InputStream) -> None: ...

    with pytest.raises(LocalProblem, match="Function 'arrived' has a trigger 'blobTrigger'"):
        read_functions(Performer(app).functions, SETTINGS)


def test_a_binding_that_the_host_does_not_know_is_named() -> None:
    app = func.FunctionApp()

    @app.route("x")
    @app.blob_output(arg_name="blob", path="x/y", connection=STORAGE)
    async def write(req: func.HttpRequest, blob: func.Out[str]) -> None: ...

    with pytest.raises(LocalProblem, match="Function 'write' has a binding 'blob'"):
        read_functions(Performer(app).functions, SETTINGS)


def test_an_argument_without_a_binding_is_named_as_azure_would_refuse_it() -> None:
    app = func.FunctionApp()

    @app.route("x")
    async def ask(request: func.HttpRequest) -> None: ...

    with pytest.raises(LocalProblem, match="Function 'ask': 'req', 'request' must be both an argument and a binding"):
        read_functions(Performer(app).functions, SETTINGS)


async def test_two_functions_of_one_name_are_a_problem() -> None:
    app = func.FunctionApp()
    for _ in range(2):

        @app.function_name("same")
        @app.route("x")
        async def ask(req: func.HttpRequest) -> None: ...

    with pytest.raises(LocalProblem, match="same"):
        await WorkerInside(app).start()
