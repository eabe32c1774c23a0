"""Folder markers: empty blobs that stand for folders, and hold no data."""

from collections.abc import Mapping


def is_folder_marker(name: str, size: int, metadata: Mapping[str, str]) -> bool:
    """Tell whether the blob *name* of *size* bytes stands for a folder.

    An account with a hierarchical namespace lists its folders with the metadata ``hdi_isfolder: true``; tools write
    that in other cases, too (``Hdi_isfolder: True``). Other tools make an empty blob whose name ends with a slash.
    """
    if name.endswith("/") and not size:
        return True
    return any(key.lower() == "hdi_isfolder" and value.lower() == "true" for key, value in metadata.items())
