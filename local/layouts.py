"""Where the files of a sample segment lie: flat, in a dated folder, or as Customer Insights writes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from local.processes import LocalProblem
from local.samples import SampleSpec, blocks_of, sample_rows, written


class LayoutName(StrEnum):
    """The words for the layouts on the command line."""

    FLAT = "flat"
    DATED = "dated"
    CUSTOMER_INSIGHTS = "customer-insights"


PLACE = "CustomerInsights_demo/Klaviyo"
"""The folder of an export destination: the instance of Customer Insights, and the name of the destination."""
FILES = 2
"""Customer Insights cuts a segment into several files."""


def segment_in(layout: LayoutName, name: str) -> str:
    """Return the name that the segment *name* has for the app where it lies in *layout*: its path."""
    return f"{PLACE}/{name}" if layout is LayoutName.CUSTOMER_INSIGHTS else name


def check_format(layout: LayoutName, file_format: str | None) -> None:
    """Raise `LocalProblem` where files of *layout* are not written in *file_format*."""
    if layout is LayoutName.CUSTOMER_INSIGHTS and file_format not in (None, "csv"):
        raise LocalProblem("Customer Insights writes CSV: leave --format out.")


@dataclass(frozen=True, slots=True)
class SampleFolder:
    """A sample segment that is called *name*, with rows of *spec*, as it was written at *moment*."""

    name: str
    spec: SampleSpec
    layout: LayoutName
    file_format: str
    moment: datetime

    @property
    def segment(self) -> str:
        """Return the name that the segment has for the app: its path."""
        return segment_in(self.layout, self.name)

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield the path and the bytes of each file, in the order in which a writer writes them.

        What says that a dated folder is complete comes last: ``_SUCCESS``, or ``model.json``.
        """
        rows = (row for _, row in sample_rows(self.spec))
        match self.layout:
            case LayoutName.FLAT:
                yield f"{self.segment}/part-0.{self.file_format}", written(rows, self.file_format)
            case LayoutName.DATED:
                folder = f"{self.segment}/{self.moment:%Y/%m/%d/%H%M}"
                yield f"{folder}/part-0.{self.file_format}", written(rows, self.file_format)
                yield f"{folder}/_SUCCESS", iter([b""])
            case LayoutName.CUSTOMER_INSIGHTS:
                yield from self._by_customer_insights(rows)

    def _by_customer_insights(self, rows: Iterator[dict[str, Any]]) -> Iterator[tuple[str, Iterator[bytes]]]:
        folder = f"{self.segment}/{self.moment:%Y/%m/%d/%H%M}"
        blocks = [*blocks_of(rows, max(1, -(-self.spec.rows // FILES)))]
        names = [f"{folder}/{self.name}_{number}.csv" for number in range(1, len(blocks) + 1)]
        for name, block in zip(names, blocks, strict=True):
            yield name, written(iter(block), "csv", has_header=False)
        columns = list(blocks[0][0]) if blocks else []
        yield f"{PLACE}/model.json", iter([orjson.dumps(self._model(names, columns), option=orjson.OPT_INDENT_2)])

    def _model(self, names: list[str], columns: list[str]) -> dict[str, Any]:
        """Return the model by which Customer Insights names the columns, as its documentation shows it."""
        types = {"Points": "int64"}
        settings = {"$type": "CsvFormatSettings", "columnHeaders": False, "delimiter": ","}
        address = "https://account.blob.core.windows.net/segments/"
        return {
            "name": "Klaviyo",
            "version": "1.0",
            "entities": [
                {
                    "$type": "LocalEntity",
                    "name": self.name,
                    "attributes": [{"name": name, "dataType": types.get(name, "string")} for name in columns],
                    "partitions": [
                        {"name": name.rpartition("/")[2], "location": address + name, "fileFormatSettings": settings}
                        for name in names
                    ],
                }
            ],
        }
