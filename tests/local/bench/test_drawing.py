"""The picture that a benchmark draws."""

from xml.etree import ElementTree as ET

from local.bench.drawing import HEIGHT, MARGIN, WIDTH, Point, drawn

_SVG = "{http://www.w3.org/2000/svg}"


def test_each_point_stands_in_the_picture_with_its_figures_and_ten_times_the_rows_are_a_step() -> None:
    points = [Point(100_000, 150.0), Point(1_000_000, 227.4), Point(10_000_000, 560.0)]
    picture = ET.fromstring(drawn(points, [Point(1_000_000, 250.0)]))  # noqa: S314 - our own text

    texts = [text.text for text in picture.iter(f"{_SVG}text")]
    assert {"150", "227", "560", "100,000", "1,000,000", "10,000,000", "at most 250"} <= {*texts}
    dots = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in picture.iter(f"{_SVG}circle")]
    assert [x for x, _ in dots] == [MARGIN, WIDTH / 2, WIDTH - MARGIN]
    heights = [y for _, y in dots]
    assert heights == sorted(heights, reverse=True)
    assert all(MARGIN <= y <= HEIGHT - MARGIN for y in heights)


def test_one_point_alone_can_be_drawn() -> None:
    picture = ET.fromstring(drawn([Point(1_000, 100.0)], []))  # noqa: S314 - as above
    assert len([*picture.iter(f"{_SVG}circle")]) == 1
