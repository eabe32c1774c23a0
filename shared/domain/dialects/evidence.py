"""What the top of a file shows of how the file is written, and what is decided from that."""

from dataclasses import dataclass

from shared.domain.rows.dialect import Dialect, Escape
from shared.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class FileFinding:
    """How one file is read, or the *problem* for which it cannot be.

    *header* has the names of the columns, as rows will have them; None for JSON, and for a file without any text.
    Show of these names only those that `plausible_columns` lets through.
    *names* has the names in the first rows of JSON; it is empty for CSV.
    *warnings* name the file.
    *rows* is how many rows the file says that it has, None where it says nothing. *refused* has the name and the type
    of each column of Parquet whose values cannot be sent; it is not in *header*.
    """

    name: str
    dialect: Dialect | None
    problem: Sentence | None = None
    header: tuple[str, ...] | None = None
    names: tuple[str, ...] = ()
    warnings: tuple[Sentence, ...] = ()
    rows: int | None = None
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one file shows, before the other files of its source are asked; small enough to keep for each file.

    *alone* is how the file is read if no other file of its source says more. *shows_delimiter* tells that the rows of
    a CSV file speak for its delimiter, and *escape_shown* is the escape that its quotes show.
    *top* holds the first lines of a CSV file that does not show its delimiter; otherwise it is empty.
    """

    alone: FileFinding
    shows_delimiter: bool = False
    escape_shown: Escape | None = None
    top: str = ""
    is_whole: bool = False
