"""Marked personal data in every position of a file, and a search through everything that the app has written."""

import logging
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from shared.domain.runs.receipt import ImportFault
from tests.api.calling import RUNS, Api
from tests.builders import World, packed
from tests.fakes.sink import LIST

ADDRESS, PHONE, LONG = "olena.marked@secret.example", "+380501234567", "marked text " * 8
MARKS = (ADDRESS, PHONE, "marked")
MAPPING = {
    "email": "EMail",
    "first_name": "Name",
    "phone_number": "Phone",
    "external_id": "Id",
    "location": {"latitude": "Lat"},
    "properties": {"tier": "Tier", "since": "Since"},
}
HEADER = "EMail,Name,Phone,Id,Lat,Tier,Since,Other\n"
GOOD = "p1@example.com,Ann,+380671234567,1,50.4,1,2026-01-01,x\n"
FILES: dict[str, str | bytes] = {
    "no header row": f"{ADDRESS},Olena,{PHONE},7,1,1,1,1\n",
    "address in a header": f"EMail,{ADDRESS},Phone\n" + GOOD,
    "long text in a header": f"Mail,{LONG}\n" + GOOD,
    "phone in a header": f"Mail,{PHONE}\n" + GOOD,
    "header that cannot be read": f'EMail,"{ADDRESS}"x,{LONG}\n' + GOOD,
    "header with an open quote": f'EMail,"{ADDRESS},{LONG}\n' + GOOD,
    "header in another encoding": f"EMail,Ім'я {ADDRESS}\n".encode("cp1251") + GOOD.encode(),
    "header twice": f"EMail,EMail,{ADDRESS}\n" + GOOD,
    "bad address": HEADER + f"{ADDRESS}@{ADDRESS},{LONG},{PHONE},{LONG},{LONG},{LONG},{LONG},{LONG}\n" + GOOD,
    "every value unusable": HEADER + f"p1@example.com,{LONG},{LONG},{LONG * 9},{LONG},{LONG},{LONG},{ADDRESS}\n",
    "too many fields": HEADER + f"p1@example.com,{ADDRESS},{PHONE},{LONG},1,1,1,1,1,1,1\n" + GOOD,
    "too few fields": HEADER + f"{ADDRESS},{LONG}",
    "open quote": HEADER + f'{ADDRESS},"{LONG},{PHONE},1,1,1,1,1\n' + GOOD,
    "ambiguous quotes": HEADER + f'p2@example.com,"{LONG}\n{ADDRESS},Evil,1,1,1,1,1,1\n{LONG}",1,1,1,1,1,1\n' + GOOD,
    "another encoding": (HEADER + f"p2@example.com,Олена {ADDRESS},{PHONE},1,1,1,1,1\n").encode("cp1251"),
    "title above the header": f"Customers of {ADDRESS}\n" + HEADER + GOOD,
    "footer": HEADER + GOOD + f"Total {ADDRESS} {PHONE}\n",
    "web page": f"<!doctype html><html><title>{ADDRESS} {LONG}</title>",
    "carriage return": HEADER + f"p2@example.com,{ADDRESS}\r{LONG},1,1,1,1,1,1\n" + GOOD,
}
OBJECTS = {
    "no JSON": f'{{"EMail": "{ADDRESS}", {LONG}\n'.encode(),
    "names of columns": orjson.dumps({"EMail": "p1@example.com", ADDRESS: 1, LONG: 2, PHONE: 3}),
    "no e-mail column": orjson.dumps({ADDRESS: 1, LONG: 2, PHONE: 3}),
    "nested": orjson.dumps({"EMail": [ADDRESS], "Name": {LONG: PHONE}, "Lat": LONG}),
    "no object": orjson.dumps([ADDRESS, PHONE]),
    "cut off array": b"[" + orjson.dumps({"EMail": ADDRESS, "Name": LONG}) + b",",
    "broken element": b"[" + orjson.dumps({"EMail": "p1@example.com"}) + f",{ADDRESS} {LONG}]".encode(),
}


def _bodies() -> Iterator[tuple[str, str, bytes]]:
    for title, text in FILES.items():
        body = text if isinstance(text, bytes) else text.encode()
        yield title, "1.csv", body
        yield f"{title}, packed", "1.csv.gz", packed(body)
    for title, body in OBJECTS.items():
        yield title, "1.ndjson", body
        yield f"{title}, open name", "1.json", body


def _settings(**changes: Any) -> dict[str, Any]:
    return {"mapping": MAPPING, "phone_region": "UA", **changes}


@pytest.mark.parametrize(("name", "body"), [each[1:] for each in _bodies()], ids=[each[0] for each in _bodies()])
async def test_no_text_of_a_file_leaves_it(name: str, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world = World({f"vip/{name}": body}, export=_settings())
    await _check_everything(world, caplog)


@pytest.mark.parametrize(
    "name",
    [
        f"vip/{ADDRESS}.csv",
        f"vip/export {ADDRESS}.csv",
        f"vip/{ADDRESS}/1.csv",
        f"vip/{ADDRESS}.xlsx",
        f"vip/{ADDRESS}.md",
    ],
)
@pytest.mark.parametrize("body", [HEADER.encode() + GOOD.encode(), b"Mail\nx\n", b"\xff\xfe\xfa", b""])
async def test_no_address_in_the_name_of_a_file_or_a_folder_is_told(
    name: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    world = World({"vip/1.csv": HEADER.encode() + GOOD.encode(), name.format(ADDRESS): body}, export=_settings())
    await _check_everything(world, caplog, but="plan.json")


async def test_no_address_in_the_name_of_a_list_or_in_what_klaviyo_says_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = World(
        {"vip/1.csv": (HEADER + GOOD + GOOD.replace("p1@", "p3@")).encode()},
        export=_settings(),
        list_names={LIST: f"List of {ADDRESS}"},
    )
    world.sink.refuse("p1@*", ImportFault("invalid", f"Invalid: {ADDRESS} {PHONE} {LONG}", {}))
    world.sink.fail_late("p3@*", ImportFault("invalid", f"Invalid: {ADDRESS} {PHONE} {LONG}", {}))
    await _check_everything(world, caplog, but="plan.json")


async def _check_everything(world: World, caplog: pytest.LogCaptureFixture, *, but: str = "rejections.ndjson") -> None:
    """Run the export, ask every question about it, and look for the marks in documents, logs and answers.

    Rejections hold rows: that is what they are for. They lie in the customer's own storage.
    """
    api = Api(world)
    run = await world.whole_run()
    preview = (await api.post("exports/vip/preview")).json
    preview.pop("profiles", None)
    preview.pop("rejections", None)
    preview["columns"].pop("values")  # shown to whoever may map the columns
    answers = [await api.get(f"{RUNS}/{run.id}"), await api.get(RUNS), await api.get("exports/vip")]
    answers += [await api.get("exports"), await api.get("segments?columns=true")]
    texts = {f"answer {number}": reply.text for number, reply in enumerate(answers)}
    texts |= {"preview": str(preview), "log": caplog.text}
    for path in world.documents.paths(""):
        if "/parts/" not in path and not path.endswith(("rejections.ndjson", but)):
            texts[path] = str(world.documents.value(path))
    for place, text in texts.items():
        for mark in MARKS:
            assert mark not in text, place
