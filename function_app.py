"""Every trigger of the app, and nothing else: parse, call, answer."""

from typing import Any, List

import azure.functions as func

from shared.api import queue_messages as messages
from shared.api.health import health as answer_health
from shared.api.http.entrance import answer
from shared.api.http.route import Route
from shared.api.page.built_page import BuiltPage
from shared.api.page.serving import page_file, settings
from shared.api.routes import ROUTES
from shared.bootstrap import current_app
from shared.control.new_data.start_on_new_data import NewData
from shared.control.tick import TickSettings
from shared.control.tick import tick as start_and_wake_runs
from shared.pipeline.leg.run_leg import run_leg
from shared.settings import needs_function_key

GUARD = func.AuthLevel.FUNCTION if needs_function_key() else func.AuthLevel.ANONYMOUS
QUEUE: dict[str, Any] = {"queue_name": "%QUEUE_NAME%", "connection": "AzureWebJobsStorage"}

PAGE = BuiltPage()

app = func.FunctionApp(http_auth_level=GUARD)


@app.timer_trigger(arg_name="timer", schedule="%TICK_SCHEDULE%", run_on_startup=False, use_monitor=True)
@app.queue_output(arg_name="wakeups", **QUEUE)
async def tick(timer: func.TimerRequest, wakeups: func.Out[List[str]]) -> None:  # noqa: ARG001 - a trigger
    """Start the runs that are due, and wake the waiting runs whose time has come."""
    services = await current_app()
    wakeups.set(
        messages.bodies(
            await start_and_wake_runs(
                services.store,
                services.resources.leases,
                services.clock,
                services.resources.events,
                TickSettings(
                    services.settings.max_lateness, services.settings.refresh, services.settings.run_retention
                ),
                poison=services.poison,
                new_data=NewData(services.resources.segments, services.resources.source_rules),
            )
        )
    )


@app.queue_trigger(arg_name="message", **QUEUE)
@app.queue_output(arg_name="wakeups", **QUEUE)
async def export_segment(message: func.QueueMessage, wakeups: func.Out[List[str]]) -> None:
    """Do one leg of the run that the message names."""
    if wake_up := messages.wake_up(message.get_body()):
        with messages.left_to_the_tick(wake_up):
            services = await current_app()
            wakeups.set(messages.bodies(await run_leg(wake_up, services.resources)))


def serve(route: Route) -> None:
    """Make the trigger of one call of the management API."""

    @app.function_name(route.name)
    @app.route(route.path, methods=[route.method])
    @app.queue_output(arg_name="wakeups", **QUEUE)
    async def call(req: func.HttpRequest, wakeups: func.Out[List[str]]) -> func.HttpResponse:
        return await answer(route, req, current_app, wakeups)


for each in ROUTES:
    serve(each)


@app.route("health", methods=["GET", "HEAD"], auth_level=func.AuthLevel.ANONYMOUS)
async def health(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - a trigger
    """Answer that the app is up."""
    return answer_health()


@app.route("ui/settings.json", methods=["GET", "HEAD"], auth_level=func.AuthLevel.ANONYMOUS)
async def page_settings(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - a trigger
    """Tell the page how one signs in."""
    return settings()


@app.route("ui/{*path}", methods=["GET", "HEAD"], auth_level=func.AuthLevel.ANONYMOUS)
async def web_page(req: func.HttpRequest) -> func.HttpResponse:
    """Answer with a file of the page; the host takes the first function by name, and this is the last one."""
    return await page_file(PAGE, req)
