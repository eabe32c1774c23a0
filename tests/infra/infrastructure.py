"""All files of the infrastructure together, as they lie in the repository or with a fault planted in memory."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from tests.infra.bicep import BicepFile, Declaration, read_bicep

ROOT = Path(__file__).parents[2]
MAIN = "infra/main.bicep"
AZD = "infra/azd/main.bicep"
APP = "infra/modules/function-app.bicep"
AUTHENTICATION = "infra/modules/authentication.bicep"
PARAMETER = re.compile(r"^param (\w+) = (.*)$", re.MULTILINE)
FROM_ENVIRONMENT = re.compile(r"\$\{[A-Z_]+(?:=([^}]*))?\}")


@dataclass(frozen=True)
class Infrastructure:
    """The texts by their paths, and what they say."""

    texts: dict[str, str]

    @classmethod
    def of_the_repository(cls) -> "Infrastructure":
        paths = [ROOT / "azure.yaml", *(each for each in (ROOT / "infra").rglob("*") if each.is_file())]
        return cls({each.relative_to(ROOT).as_posix(): each.read_text() for each in sorted(paths)})

    def changed(self, path: str, old: str, new: str) -> "Infrastructure":
        """Return the same with every *old* in the file at *path* replaced; it must be there."""
        assert old in self.texts[path], f"{path} has no '{old}'"
        return Infrastructure({**self.texts, path: self.texts[path].replace(old, new)})

    @cached_property
    def files(self) -> dict[str, BicepFile]:
        return {path: read_bicep(text) for path, text in self.texts.items() if path.endswith(".bicep")}

    @property
    def main(self) -> BicepFile:
        return self.files[MAIN]

    def resources(self, kind: str) -> list[tuple[str, Declaration]]:
        """Return the resources of type *kind* that are made anywhere, with the files that make them."""
        return [(path, each) for path, file in self.files.items() for each in file.of_type(kind)]

    def called(self, path: str, module: Declaration) -> str:
        """Return the path of the file that *module* in the file at *path* calls."""
        parts: list[str] = []
        for part in (PurePosixPath(path).parent / module.target).parts:
            if part == "..":
                parts.pop()
            else:
                parts.append(part)
        return "/".join(parts)

    def app_settings(self) -> dict[str, Any]:
        """Return the app settings by name; values that only a deployment knows are expressions."""
        configs = self.files[APP].of_type("Microsoft.Web/sites/config")
        [settings] = [each for each in configs if each.at("name") == "appsettings"]
        return dict(settings.at("properties"))

    def file_parameters(self) -> dict[str, str]:
        """Return what main.bicepparam gives, as it stands there."""
        return dict(PARAMETER.findall(self.texts["infra/main.bicepparam"]))

    def azd_parameters(self) -> dict[str, str]:
        """Return what azd gives: the name of an environment variable with or without a default."""
        given = json.loads(self.texts["infra/azd/main.parameters.json"])["parameters"]
        return {name: each["value"] for name, each in given.items()}
