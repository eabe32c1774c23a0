"""All files of the infrastructure together, as they lie in the repository."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.infra.bicep import BicepFile, Declaration, read_bicep

ROOT = Path(__file__).parents[2]
MAIN = "infra/main.bicep"
AZD = "infra/azd/main.bicep"
ALERTS_FILE = "infra/modules/alerts.bicep"
APP = "infra/modules/function-app.bicep"
AUTHENTICATION = "infra/modules/authentication.bicep"
FROM_ENVIRONMENT = re.compile(r"\$\{[A-Z_]+(?:=([^}]*))?\}")


@dataclass(frozen=True)
class Infrastructure:
    """The texts by their paths, and what they say."""

    texts: dict[str, str]

    @classmethod
    def of_the_repository(cls) -> "Infrastructure":
        paths = [ROOT / "azure.yaml", *(each for each in (ROOT / "infra").rglob("*") if each.is_file())]
        return cls({each.relative_to(ROOT).as_posix(): each.read_text() for each in sorted(paths)})

    @cached_property
    def files(self) -> dict[str, BicepFile]:
        return {path: read_bicep(text) for path, text in self.texts.items() if path.endswith(".bicep")}

    @property
    def main(self) -> BicepFile:
        return self.files[MAIN]

    def resources(self, kind: str) -> list[tuple[str, Declaration]]:
        """Return the resources of type *kind* that are made anywhere, with the files that make them."""
        return [(path, each) for path, file in self.files.items() for each in file.of_type(kind)]

    def app_settings(self) -> dict[str, Any]:
        """Return the app settings by name; values that only a deployment knows are expressions."""
        configs = self.files[APP].of_type("Microsoft.Web/sites/config")
        [settings] = [each for each in configs if each.at("name") == "appsettings"]
        return dict(settings.at("properties"))

    def azd_parameters(self) -> dict[str, str]:
        """Return what azd gives: the name of an environment variable with or without a default."""
        given = json.loads(self.texts["infra/azd/main.parameters.json"])["parameters"]
        return {name: each["value"] for name, each in given.items()}
