"""Makes JSON Schema from the models and the answer classes, so the description cannot differ from the code."""

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

Schema = dict[str, Any]


class _Plain(GenerateJsonSchema):
    """Leaves out titles and docstrings, which are for readers of the code; objects have no additional fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - never
        return False

    def sort(self, value: Any, parent_key: str | None = None) -> Any:  # noqa: ARG002 - in the order of the code
        return value

    def field_is_required(self, field: Any, total: bool) -> bool:
        """Tell whether *field* is required: in answers every field is, unless an empty one is left out."""
        if self.mode == "serialization":
            return "serialization_exclude_if" not in field
        return super().field_is_required(field, total)

    def model_schema(self, schema: Any) -> Schema:
        return _closed(super().model_schema(schema))

    def dataclass_schema(self, schema: Any) -> Schema:
        return _closed(super().dataclass_schema(schema))

    def default_schema(self, schema: Any) -> Schema:
        """Return the schema without the default in answers: no field is missing there."""
        return self.generate_inner(schema["schema"]) if self.mode == "serialization" else super().default_schema(schema)


def shape(kind: Any, mode: JsonSchemaMode = "serialization") -> Schema:
    """Return the schema of a *kind*, a model or a dataclass: of answers, or with *mode* ``validation`` of requests."""
    schema = TypeAdapter(kind).json_schema(mode=mode, schema_generator=_Plain)
    whole: Schema = _inlined(schema, schema.pop("$defs", {}))
    return whole


def obj(properties: dict[str, Schema], *, required: tuple[str, ...] | None = None) -> Schema:
    """Return the schema of an object with *properties* and no others; all are required unless *required* names some."""
    names = list(properties if required is None else required)
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}


def together(*schemas: Schema) -> Schema:
    """Return the schema of one object that has the properties of all *schemas*."""
    properties = {name: each for schema in schemas for name, each in schema["properties"].items()}
    return obj(
        properties, required=tuple(dict.fromkeys(name for schema in schemas for name in schema.get("required", ())))
    )


def nullable(schema: Schema) -> Schema:
    """Return *schema*, or null."""
    if isinstance(schema.get("type"), str) and not {"enum", "const"} & schema.keys():
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def ref(name: str) -> Schema:
    """Return a reference to the schema *name*."""
    return {"$ref": f"#/components/schemas/{name}"}


def _closed(schema: Schema) -> Schema:
    return {**_bare(schema), "additionalProperties": False}


def _bare(schema: Schema) -> Schema:
    return {name: value for name, value in schema.items() if name not in ("title", "description")}


def _inlined(value: Any, parts: dict[str, Schema]) -> Any:
    """Return *value* with *parts* in the place of references to them, and with null as a second ``type``."""
    if isinstance(value, list):
        return [_inlined(each, parts) for each in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        part = parts[value["$ref"].removeprefix("#/$defs/")]
        more = {name: each for name, each in value.items() if name != "$ref"}
        return _inlined({**(_bare(part) if "enum" in part else part), **more}, parts)
    inlined = {name: _inlined(each, parts) for name, each in value.items() if (name, each) != ("default", None)}
    match inlined.get("anyOf"):
        case [one, {"type": "null"}]:
            rest = {name: each for name, each in inlined.items() if name != "anyOf"}
            return {**nullable(one), **rest}
    return inlined
