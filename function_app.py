"""Every trigger of the app, and nothing else: parse, call, answer."""

from typing import Any, List

import azure.functions as func

from shared.api import messages, runs
from shared.api.health import health as answer_health
from shared.bootstrap import current_app
from shared.pipeline.run_leg import run_leg
from shared.pipeline.tick import tick as plan_due_runs

app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)

QUEUE: dict[str, Any] = {"queue_name": "%QUEUE_NAME%", "connection": "AzureWebJobsStorage"}


@app.timer_trigger(arg_name="timer", schedule="%TICK_SCHEDULE%", run_on_startup=False, use_monitor=True)
@app.queue_output(arg_name="wake_ups", **QUEUE)
async def tick(timer: func.TimerRequest, wake_ups: func.Out[List[str]]) -> None:  # noqa: ARG001 - a trigger
    """Queue the exports that are due and wake the runs that wait."""
    services = await current_app()
    wake_ups.set(
        messages.bodies(
            await plan_due_runs(services.place.documents, services.clock, max_lateness=services.max_lateness)
        )
    )


@app.queue_trigger(arg_name="message", **QUEUE)
@app.queue_output(arg_name="wake_ups", **QUEUE)
async def export_segment(message: func.QueueMessage, wake_ups: func.Out[List[str]]) -> None:
    """Work on one run: one leg of it."""
    services = await current_app()
    if wake_up := messages.wake_up(message.get_body()):
        wake_ups.set(messages.bodies(await run_leg(wake_up, services.place)))


@app.route("exports/{export_id}/runs", methods=["POST"])
@app.queue_output(arg_name="wake_ups", **QUEUE)
async def start_run(req: func.HttpRequest, wake_ups: func.Out[List[str]]) -> func.HttpResponse:
    """Start a run of an export."""
    return messages.send(await runs.start_run(current_app, req.route_params), wake_ups)


@app.route("exports/{export_id}/runs", methods=["GET"])
async def list_runs(req: func.HttpRequest) -> func.HttpResponse:
    """List the runs of an export, newest first."""
    return await runs.list_runs(current_app, req.route_params, req.params)


@app.route("exports/{export_id}/runs/{run_id}", methods=["GET"])
async def get_run(req: func.HttpRequest) -> func.HttpResponse:
    """Show one run."""
    return await runs.get_run(current_app, req.route_params)


@app.route("exports/{export_id}/runs/{run_id}", methods=["DELETE"])
@app.queue_output(arg_name="wake_ups", **QUEUE)
async def cancel_run(req: func.HttpRequest, wake_ups: func.Out[List[str]]) -> func.HttpResponse:
    """Ask a run to stop."""
    return messages.send(await runs.cancel_run(current_app, req.route_params), wake_ups)


@app.route("health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
async def health(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - a trigger
    """Tell that the app is up."""
    return answer_health()
