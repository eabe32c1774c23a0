"""Decides about the header of a CSV file, and makes the finding."""

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.config.reading import Reading
from shared.domain.dialects.csv_shape import CsvShape
from shared.domain.dialects.evidence import FileFinding
from shared.domain.dialects.file_model import FileModel
from shared.domain.dialects.file_sentences import header_too_large, header_unreadable, no_header, too_few_columns
from shared.domain.dialects.plausible_columns import looks_like_data
from shared.domain.rows.delimited.header import MAX_COLUMNS, MAX_HEADER_BYTES
from shared.domain.rows.dialect import Dialect, Escape, FileFormat
from shared.domain.sentences import Sentence


def csv_finding(
    name: str, shape: CsvShape, plain: Dialect, reading: Reading, model: FileModel | None = None
) -> FileFinding:
    """Return the finding for a CSV file of this *shape*; *plain* has its encoding, and whether it is packed.

    *model* says which columns the file has; columns that the export names (*reading*) win.
    """
    header = shape.fit.header
    if model is not None and reading.columns is None:
        return _by_model(name, shape, plain, reading, model)
    has_header = _has_header(shape, reading)
    names = reading.columns or (tuple(cell.strip() for cell in header) if header and has_header else None)
    if problem := _problem(name, shape, reading):
        return FileFinding(name, None, problem)
    dialect = Dialect(
        FileFormat.CSV,
        plain.is_packed,
        plain.encoding,
        shape.line_end,
        shape.delimiter,
        _escape(shape),
        has_header,
        shape.note_lines,
        shape.title_lines if has_header else 0,
        reading.columns,
    )
    return FileFinding(name, dialect, header=names if header else None)


def _by_model(name: str, shape: CsvShape, plain: Dialect, reading: Reading, model: FileModel) -> FileFinding:
    header = shape.fit.header or ()
    problem = header_unreadable(name) if shape.fit.bad and not header else None
    if problem := problem or (model.problem(name, header) if header else None):
        return FileFinding(name, None, problem)
    has_header = bool(header) and model.is_header(header, is_row=shape.fit.is_row)
    has_header = has_header if reading.header is None else reading.header
    columns = model.columns_below(header) if has_header else model.columns
    dialect = replace(
        plain,
        format=FileFormat.CSV,
        line_end=shape.line_end,
        delimiter=shape.delimiter,
        escape=_escape(shape),
        has_header=has_header,
        note_lines=shape.note_lines,
        title_lines=shape.title_lines if has_header else 0,
        columns=columns,
        types=model.types_of(columns),
    )
    return FileFinding(name, dialect, header=columns)


def _escape(shape: CsvShape) -> Escape:
    return shape.escape_shown or "doubled"


def _problem(name: str, shape: CsvShape, reading: Reading) -> Sentence | None:
    header = shape.fit.header
    if header is None:
        return header_unreadable(name) if shape.fit.bad else None
    if len(header) > MAX_COLUMNS or sum(map(len, header)) + len(header) > MAX_HEADER_BYTES:
        return header_too_large(name)
    if reading.header is None and reading.columns is None and _is_data(header, shape):
        return no_header(name)
    cells = max((index for index, cell in enumerate(header, 1) if cell.strip()), default=0)
    if reading.columns and cells > len(reading.columns):
        return too_few_columns(name, len(reading.columns), cells)
    return None


def _is_data(header: Sequence[str], shape: CsvShape) -> bool:
    return shape.fit.is_row or looks_like_data(header)


def _has_header(shape: CsvShape, reading: Reading) -> bool:
    """Tell whether the file has a header.

    Where the export names the columns, the first record is a header if it is no data and the records below are, or if
    it has names in common with the export.
    """
    if reading.header is not None:
        return reading.header
    header = shape.fit.header
    if reading.columns is None or header is None:
        return True
    if _is_data(header, shape):
        return False
    has_rows = bool(shape.fit.full or shape.fit.short or shape.fit.bad)
    common = {cell.strip().lower() for cell in header} & {column.lower() for column in reading.columns}
    return shape.fit.is_above_data or not has_rows or bool(common)
