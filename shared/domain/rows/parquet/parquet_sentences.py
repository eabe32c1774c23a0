"""What is told about Parquet files that cannot be read; all name the file."""

from shared.domain.sentences import Sentence, say


def empty(file: str) -> Sentence:
    """Say that the file has no bytes at all: a Parquet file without rows has a footer."""
    text = "File '{file}' is empty, and no Parquet file: its writer has not finished, or failed. Write it anew."
    return say("parquet_empty", text, file=file)


def not_parquet(file: str) -> Sentence:
    """Say that the file is something else, or the front part of a Parquet file."""
    text = (
        "File '{file}' is no Parquet file, or only the front part of one: it does not end as Parquet does. Write it "
        "anew; if it is CSV or JSON, name it so."
    )
    return say("parquet_not", text, file=file)


def other_name(file: str) -> Sentence:
    """Say that the file is Parquet, and its name says something else."""
    text = "File '{file}' is Parquet, and its name says that it is something else. Name it .parquet."
    return say("parquet_other_name", text, file=file)


def cut_off(file: str) -> Sentence:
    """Say that the file begins as Parquet and has no footer."""
    text = "File '{file}' begins as Parquet and has no footer: it is cut off. Write it anew."
    return say("parquet_cut_off", text, file=file)


def damaged(file: str) -> Sentence:
    """Say that the footer, or what it leads to, cannot be read."""
    return say("parquet_damaged", "File '{file}' is damaged: its Parquet cannot be read. Write it anew.", file=file)


def encrypted(file: str) -> Sentence:
    """Say that the file, or a column that is mapped, is encrypted."""
    text = "File '{file}' is encrypted Parquet, and the app has no key for it. Write it without encryption of columns."
    return say("parquet_encrypted", text, file=file)


def footer_too_large(file: str, size: int, limit: int) -> Sentence:
    """Say that the footer is larger than any that is read."""
    text = (
        "The footer of Parquet file '{file}' has {size:,} bytes, and at most {limit:,} are read. Write larger row "
        "groups, fewer columns, or several files."
    )
    return say("parquet_footer_too_large", text, file=file, size=size, limit=limit)


def too_many_chunks(file: str, chunks: int, limit: int) -> Sentence:
    """Say that the footer speaks of more columns, counted in each row group, than there is room for."""
    text = (
        "Parquet file '{file}' has {chunks:,} columns in all of its row groups together, and at most {limit:,} are "
        "read. Write larger row groups, fewer columns, or several files."
    )
    return say("parquet_too_many_chunks", text, file=file, chunks=chunks, limit=limit)


def unpacks_too_large(file: str, limit: int) -> Sentence:
    """Say that the pages of the mapped columns would take too much memory."""
    text = (
        "Parquet file '{file}' is packed so that more than {limit:,} bytes of its mapped columns would have to be "
        "unpacked at once. Write smaller pages or smaller row groups, shorter lists, and no texts of megabytes."
    )
    return say("parquet_unpacks_too_large", text, file=file, limit=limit)


def repeated_column(file: str, column: str) -> Sentence:
    """Say that two columns have one name."""
    text = "File '{file}' has two columns of the name '{column}'. Give each column a name of its own."
    return say("parquet_repeated_column", text, file=file, column=column)


def column_refused(file: str, column: str, kind: str) -> Sentence:
    """Say that a mapped column has values that JSON has no place for; *kind* is Parquet's word for its type."""
    text = (
        "Column '{column}' of file '{file}' is {type}, which cannot be sent. Write it as a string, a number, true or "
        "false, a date or a time, or take it out of the mapping."
    )
    return say("parquet_column_refused", text, column=column, file=file, type=kind)


def codec_unknown(file: str) -> Sentence:
    """Say that the columns are packed in a way that cannot be read."""
    text = "File '{file}' is packed with a codec that cannot be read. Write it with snappy, zstd, gzip or lz4."
    return say("parquet_codec_unknown", text, file=file)
