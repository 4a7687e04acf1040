"""Tables of the fields of models, the fields of dataclasses, and the members of enumerations."""

import ast
import dataclasses
import inspect
import re
import textwrap
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from docs.tables.markdown import code, prose, table, value

_WORDS = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}
_FORMATS = {"date-time": "time (ISO 8601)", "path": "path"}


def fields(model: type[BaseModel], *, reading: bool = False) -> str:
    """The fields of a model: name, its type in JSON, default, meaning."""
    schema = model.model_json_schema(mode="serialization" if reading else "validation")
    return table(
        ("field", "in JSON", "meaning") if reading else ("field", "in JSON", "default", "meaning"),
        [
            [
                code(name),
                json_type(schema["properties"][name], field.annotation),
                *([] if reading else [_default(field)]),
                prose(field.description),
            ]
            for name, field in model.model_fields.items()
        ],
    )


def json_type(schema: Mapping[str, Any], annotation: Any = None) -> str:
    """The type of a value in JSON, in words."""
    if {"format": "duration", "type": "string"} in schema.get("anyOf", ()) or (
        schema.get("format") == "duration"
    ):
        return "seconds, or ISO 8601 duration"
    if "anyOf" in schema:
        return _alternatives(schema["anyOf"])
    if "oneOf" in schema:
        return _alternatives(schema["oneOf"])
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return "any JSON value" if name == "JsonValue" else code(name)
    if "const" in schema:
        return code(schema["const"])
    if "enum" in schema:
        return ", ".join(code(str(each)) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {json_type(schema.get('items', {}))}"
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    word = _WORDS.get(schema.get("type", ""), "")
    return f"{word}{_bounds(schema)}" if word else _plain(annotation)


def _alternatives(schemas: list[Mapping[str, Any]]) -> str:
    names = list(dict.fromkeys(json_type(each) for each in schemas if each.get("type") != "null"))
    return ", ".join(names)


def _bounds(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    below = schema.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f", {low:g} to {high:g}"
    if low is not None and below is not None:
        return f", from {low:g}, less than {below:g}"
    if low is not None:
        return f", at least {low:g}"
    if schema.get("type") == "string" and "maxLength" in schema:
        return f", at most {schema['maxLength']:,} characters"
    return ""


def _plain(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else "any JSON value"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True, validated_data={})
    return "" if default is PydanticUndefined else value(default)


def members(enum: type[StrEnum]) -> str:
    """The members of an enumeration, with the docstrings below them."""
    documented = _docstrings(enum)
    return table(
        ("value", "meaning"),
        [(code(each.value), prose(documented.get(each.name))) for each in enum],
    )


def dataclass_fields(class_: type) -> str:
    """The fields of a dataclass."""
    documented, hints = _docstrings(class_), get_type_hints(class_, include_extras=False)
    return table(
        ("field", "type", "meaning"),
        [
            (code(field.name), code(python_type(hints[field.name])), prose(documented.get(field.name)))
            for field in dataclasses.fields(class_)
        ],
    )


def python_type(hint: Any) -> str:
    """A type hint without the modules of its names."""
    if get_origin(hint) is None and isinstance(hint, type):
        return hint.__name__
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", str(hint))


def _docstrings(class_: type) -> dict[str, str]:
    """The docstrings below the attributes of a class, which exist in its source only."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(class_)))
    (definition,) = (each for each in tree.body if isinstance(each, ast.ClassDef))
    found: dict[str, str] = {}
    for statement, following in zip(definition.body, definition.body[1:], strict=False):
        match statement, following:
            case (
                ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str() as text)),
            ):
                found[name] = inspect.cleandoc(text)
    return found
