"""Tables of the fields of models, the fields of dataclasses, and the members of enumerations."""

import ast
import dataclasses
import inspect
import re
import textwrap
from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
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
    alternatives = schema.get("anyOf", [schema])
    if any(each.get("format") == "duration" for each in alternatives):
        return "seconds, or ISO 8601 duration"
    names = [_one_type(each, annotation) for each in alternatives if each.get("type") != "null"]
    return " or ".join(dict.fromkeys(names))


def _one_type(schema: Mapping[str, Any], annotation: Any) -> str:
    match schema:
        case {"$ref": reference}:
            name = reference.rpartition("/")[2]
            text = "any JSON value" if name == "JsonValue" else code(name)
        case {"const": constant}:
            text = code(constant)
        case {"enum": constants}:
            text = ", ".join(code(str(each)) for each in constants)
        case {"type": "array"}:
            item = json_type(schema.get("items", {}))
            text = f"list of ({item})" if " or " in item else f"list of {item}"
        case {"format": str() as format_} if format_ in _FORMATS:
            text = _FORMATS[format_]
        case {"type": str() as type_}:
            text = f"{_WORDS[type_]}{_bounds(schema)}"
        case _:
            text = annotation.__name__ if isinstance(annotation, type) else "any JSON value"
    return text


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
            (
                code(field.name),
                code(python_type(hints[field.name])),
                prose(documented.get(field.name)),
            )
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
    for statement, following in pairwise(definition.body):
        match statement, following:
            case (
                ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str() as text)),
            ):
                found[name] = inspect.cleandoc(text)
    return found
