"""The rejections of a run by reason, and as CSV that a spreadsheet can open without harm."""

import csv
import io
from collections import Counter

import orjson
import pytest

from shared.api.answers.rejections_csv import COLUMNS, csv_line, harmless
from tests.api.calling import RUNS, Api, Reply
from tests.builders import World, ndjson, people

HEADER = "\ufeff" + ",".join(COLUMNS)
"""With a byte-order mark, by which Excel knows UTF-8."""
MAPPING = {"email": "EMail", "first_name": "FirstName", "phone_number": "Phone", "properties": {"tier": "Tier"}}


async def rejecting(*names: str) -> tuple[Api, str]:
    """Return an API whose one run has refused a row for each of *names*, and two for an address, and the run."""
    refused = [
        {"EMail": f"r{n}@example.com", "FirstName": name, "Phone": "+380671234567", "Tier": "gold"}
        for n, name in enumerate(names)
    ]
    world = World(
        {"vip/1.ndjson": ndjson([*people(9), *refused, {"EMail": "bad"}, {"EMail": "worse"}])},
        export={"mapping": MAPPING, "limits": {"max_rejected_share": 1}},
    )
    world.sink.refuse("r*@*")
    run = await world.whole_run()
    assert run.tally.rejected == len(names) + 2
    return Api(world), f"{RUNS}/{run.id}"


def rejections_of(api: Api, run: str, *reasons: str) -> str:
    """Let *run* have rejections for *reasons*; return the path of its rejections."""
    folder = f"runs/vip/{run.rpartition('/')[2]}"
    document = api.world.documents.value(f"{folder}/run.json")
    counted = dict.fromkeys(reasons, 1)
    api.world.documents.put(f"{folder}/run.json", {**document, "reasons": {"rejected": counted, "left_out": {}}})
    return f"{folder}/rejections.ndjson"


def next_of(reply: Reply) -> str | None:
    link = reply.headers.get("Link")
    return link.split(">")[0].lstrip("<") if link else None


async def all_pages(api: Api, address: str) -> list[Reply]:
    pages = []
    following: str | None = address
    while following:
        pages.append(await api.get(following))
        assert pages[-1].status == 200
        following = next_of(pages[-1])
    return pages


def cells(reply: Reply) -> list[dict[str, str]]:
    assert reply.response.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(reply.response.get_body().decode("utf-8-sig"), newline="")))


async def test_the_reasons_of_a_run_are_those_of_its_rejections() -> None:
    api, run = await rejecting("Ann", "Bob", "Cid")
    reasons = (await api.get(run)).json["reasons"]["rejected"]
    lines = (await api.get(f"{run}/rejections")).lines
    assert Counter(line["reason"] for line in lines) == reasons
    for reason, count in reasons.items():
        found = [page.lines for page in await all_pages(api, f"{run}/rejections?reason={reason}&limit=1")]
        assert [line["reason"] for page in found for line in page] == [reason] * count
        assert all(len(page) == 1 for page in found)


async def test_each_rejected_row_has_a_sentence_with_its_code_but_klaviyos_own_words_have_none() -> None:
    api, run = await rejecting("Ann")
    told = [(line["reason"], line["code"], line["params"]) for line in (await api.get(f"{run}/rejections")).lines]
    assert Counter(map(str, told)) == {
        str(("invalid", None, {})): 1,
        str(("email_invalid", "email_no_sign", {})): 2,
    }


async def test_a_word_that_is_no_reason_of_the_run_is_refused_with_those_that_are() -> None:
    api, run = await rejecting("Ann")
    told = (await api.get(f"{run}/rejections?reason=nonsense")).problem(400)
    assert told["params"] == {"reason": "nonsense", "reasons": "email_invalid, invalid"}


async def test_a_reason_that_only_the_brake_has_seen_is_one_of_the_run() -> None:
    world = World({"vip/1.ndjson": ndjson([{"EMail": "bad"}] * 3)}, export={"mapping": MAPPING})
    run = await world.whole_run()
    assert (run.brake is not None, run.reasons.rejected) == (True, {})
    lines = (await Api(world).get(f"{RUNS}/{run.id}/rejections?reason=email_invalid")).lines
    assert [line["counted"] for line in lines] == [False] * 3


async def test_a_run_without_reasons_lets_every_word_through() -> None:
    api = Api()
    run = await api.world.whole_run()
    assert (await api.get(f"{RUNS}/{run.id}/rejections?reason=nonsense")).lines == []


async def test_a_reason_within_the_fields_of_a_row_is_not_its_reason() -> None:
    api, run = await rejecting()
    path = rejections_of(api, run, "a", "b")
    lines = [{"reason": "a", "fields": {"reason": "b"}}, {"reason": "b", "fields": {}}]
    api.world.documents.blobs[path] = ndjson([*lines, b'{"reason":"b"', b'["reason":"b"]'])
    assert (await api.get(f"{run}/rejections?reason=b")).lines == [lines[1]]


async def test_a_search_reads_so_much_at_a_call_and_goes_on_at_the_next() -> None:
    api, run = await rejecting()
    path = rejections_of(api, run, "other", "rare")
    other = orjson.dumps({"reason": "other", "detail": "x" * 1_000_000}) + b"\n"
    api.world.documents.blobs[path] = other * 40 + b'{"reason":"rare"}\n'
    pages = await all_pages(api, f"{run}/rejections?reason=rare")
    assert [page.lines for page in pages] == [[], [{"reason": "rare"}]]


async def test_a_page_has_up_to_ten_thousand_lines_and_lets_others_have_their_turn() -> None:
    api, run = await rejecting()
    (path,) = api.world.documents.paths(f"runs/vip/{run.rpartition('/')[2]}/rejections")
    line = orjson.dumps({"blob": "vip/1.ndjson", "row": 7, "reason": "invalid", "detail": "x" * 200}) + b"\n"
    api.world.documents.blobs[path] = line * 10_001
    for name in ("ndjson", "csv"):
        api.world.clock.slept.clear()
        first, second = await all_pages(api, f"{run}/rejections?limit=10000&format={name}")
        headers = 1 if name == "csv" else 0
        assert [page.text.count("\n") - headers for page in (first, second)] == [10_000, 1]
        assert api.world.clock.slept.count(0) >= 20
    assert (await api.get(f"{run}/rejections?limit=10001")).problem(400)


async def test_rejections_as_csv_have_a_header_and_a_line_each() -> None:
    api, run = await rejecting('Öl, "quoted"\nЖюль')
    reply = await api.get(f"{run}/rejections?format=csv")
    assert reply.headers["Content-Disposition"].endswith(f'rejections-{run.rpartition("/")[2]}.csv"')
    assert reply.text.splitlines()[0] == HEADER
    by_row = {row["row"]: row for row in cells(reply)}
    assert by_row["10"] == {
        "blob": "vip/1.ndjson",
        "row": "10",
        "line": "",
        "rows": "",
        "reason": "invalid",
        "detail": by_row["10"]["detail"],
        "refused_by": "klaviyo",
        "email": "r0@example.com",
        "phone_number": "'+380671234567",
        "external_id": "",
        "first_name": 'Öl, "quoted"\nЖюль',
        "last_name": "",
        "fields": '{"properties":{"tier":"gold"}}',
    }
    assert len(by_row) == 3


async def test_each_page_of_csv_is_a_file_of_its_own_and_keeps_the_filter() -> None:
    api, run = await rejecting("Ann", "Bob", "Cid")
    pages = await all_pages(api, f"{run}/rejections?format=csv&reason=invalid&limit=2")
    assert [[row["first_name"] for row in cells(page)] for page in pages] == [["Ann", "Bob"], ["Cid"]]


async def test_a_run_without_rejections_has_the_header_alone() -> None:
    api = Api()
    run = await api.world.whole_run()
    reply = await api.get(f"{RUNS}/{run.id}/rejections?format=csv")
    assert (reply.status, reply.text) == (200, HEADER + "\r\n")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
async def test_no_cell_is_a_formula(start: str) -> None:
    formula = f'{start}HYPERLINK("https://evil.example","x")'
    line = {"blob": formula, "detail": formula, "reason": formula, "fields": {"email": formula, formula: formula}}
    text = csv_line(orjson.dumps(line)).decode()
    [row] = csv.reader(io.StringIO(text, newline=""))
    assert not any(cell.startswith(start) for cell in row)
    assert dict(zip(COLUMNS, row, strict=True))["email"] == f"'{formula}"
    assert harmless("2 - 1 = 1") == "2 - 1 = 1"


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"\xff", b'{"fields": []}', b'{"row": {"a": 1}, "detail": 5}'])
def test_a_damaged_line_is_a_line_all_the_same(line: bytes) -> None:
    [row] = csv.reader(io.StringIO(csv_line(line).decode(), newline=""))
    assert len(row) == len(COLUMNS)


@pytest.mark.parametrize("query", ["reason=", f"reason={'x' * 101}", "format=xlsx", "format="])
async def test_a_filter_or_a_format_that_cannot_be_is_a_bad_request(query: str) -> None:
    api, run = await rejecting()
    (await api.get(f"{run}/rejections?{query}")).problem(400)
