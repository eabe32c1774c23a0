"""What a condition of a role assignment allows: an action on a blob, by the container and the path of the blob."""

import re
from fnmatch import fnmatchcase

BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
_CONTAINER = r"@Resource\[Microsoft\.Storage/storageAccounts/blobServices/containers:name\] StringNotEquals '([^']+)'"
_PATH = rf"@Resource\[{re.escape(BLOBS)}:path\] StringNotLike '([^']+)'"
_ACTION = rf"!\(ActionMatches\{{'{re.escape(BLOBS)}/([^']+)'\}}\)"


def allows(condition: str, action: str, container: str, path: str) -> bool:
    """Tell whether *condition* lets *action*, such as ``write``, be done to the blob; it knows the words of ours only.

    Raises `ValueError` for a word that it does not know.
    """
    text = re.sub(_ACTION, lambda found: str(found[1] != action), condition)
    text = re.sub(_CONTAINER, lambda found: str(found[1] != container), text)
    text = re.sub(_PATH, lambda found: str(not fnmatchcase(path, found[1])), text)
    text = text.replace("AND", "and").replace("OR", "or")
    if not re.fullmatch(r"(?:True|False|and|or|[() ])+", text):
        raise ValueError(f"The condition says something that is not known here: {text}")
    return bool(eval(text))  # noqa: S307 - nothing is left in it but truth values and brackets
