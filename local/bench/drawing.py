"""Draws figures that grow with the number of rows, as SVG."""

from collections.abc import Callable, Iterator, Sequence
from math import log10
from typing import NamedTuple

WIDTH, HEIGHT, MARGIN = 720, 360, 56


class Point(NamedTuple):
    """What was measured, or what is aimed at, with so many rows."""

    rows: int
    megabytes: float


Place = Callable[[Point], tuple[float, float]]
"""Takes a point; returns where it stands in the picture."""


def drawn(points: Sequence[Point], aims: Sequence[Point]) -> str:
    """Return a picture of *points*, joined by a line, and of *aims*; rows grow tenfold by each step to the right."""
    most = max(point.megabytes for point in (*points, *aims)) * 1.15
    first, last = (log10(edge(point.rows for point in (*points, *aims))) for edge in (min, max))

    def place(point: Point) -> tuple[float, float]:
        right = (log10(point.rows) - first) / ((last - first) or 1.0)
        x = MARGIN + right * (WIDTH - 2 * MARGIN)
        return round(x, 1), round(HEIGHT - MARGIN - point.megabytes / most * (HEIGHT - 2 * MARGIN), 1)

    return "\n".join(_lines(points, aims, place))


def _lines(points: Sequence[Point], aims: Sequence[Point], place: Place) -> Iterator[str]:
    font = 'font-family="sans-serif" font-size="13"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {font}>'
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    yield f'<text x="{MARGIN}" y="24">Peak memory of the host, in MB, by rows of the run</text>'
    floor = HEIGHT - MARGIN
    yield f'<line x1="{MARGIN}" y1="{floor}" x2="{WIDTH - MARGIN}" y2="{floor}" stroke="black"/>'
    for aim in aims:
        x, y = place(aim)
        yield f'<line x1="{x - 24}" y1="{y}" x2="{x + 24}" y2="{y}" stroke="firebrick" stroke-dasharray="4 3"/>'
        yield f'<text x="{x}" y="{y - 6}" text-anchor="middle" fill="firebrick">at most {aim.megabytes:.0f}</text>'
    path = " ".join(f"{x},{y}" for x, y in map(place, points))
    yield f'<polyline points="{path}" fill="none" stroke="steelblue" stroke-width="2"/>'
    for point in points:
        x, y = place(point)
        yield f'<circle cx="{x}" cy="{y}" r="4" fill="steelblue"/>'
        yield f'<text x="{x}" y="{y + 20}" text-anchor="middle">{point.megabytes:.0f}</text>'
        yield f'<text x="{x}" y="{floor + 20}" text-anchor="middle">{point.rows:,}</text>'
    yield "</svg>\n"
