"""The Python library: the methods of its client, its errors and its public names."""

import inspect
import re
from collections.abc import Iterator
from typing import Any, Final

import tidings
from docs.tables.markdown import code, paragraphs, prose, table
from tidings import NotificationClient, TidingsError

_NAMES: Final[list[str]] = sorted(vars(tidings)["__all__"], key=str.lower)
"""The public names; type checkers do not see the list itself."""


def client() -> str:
    """The methods of ``NotificationClient``, with their signatures and docstrings."""
    return "\n\n".join(_section(name, method) for name, method in _methods())


def _section(name: str, method: Any) -> str:
    signature = f"```text\n{_signature(name, method)}\n```"
    return "\n\n".join([f"### {code(name)}", signature, paragraphs(inspect.getdoc(method))])


def _methods() -> Iterator[tuple[str, Any]]:
    for name, member in vars(NotificationClient).items():
        method = member.__func__ if isinstance(member, classmethod) else member
        if not name.startswith("_") and inspect.isfunction(method):
            yield name, method


def _signature(name: str, method: Any) -> str:
    signature = inspect.signature(method)
    parameters = [
        each for each in signature.parameters.values() if each.name not in {"self", "cls"}
    ]
    plain = str(signature.replace(parameters=parameters))
    # Names of modules, quotes of forward references and `Unpack[…]` only hinder a reader.
    plain = re.sub(r"\b(?:[a-z_]\w*\.)+(?=[A-Z])", "", plain)
    plain = re.sub(r"\*\*fields: [^)]*(?=\))", "**fields", plain)
    prefix = "async " if inspect.iscoroutinefunction(method) else ""
    return f"{prefix}{name}{plain}"


def errors() -> str:
    """All errors, each with its meaning."""
    classes = [getattr(tidings, name) for name in _NAMES if name.endswith("Error")]
    return table(
        ("error", "meaning"),
        [
            (code(each.__name__), prose(inspect.getdoc(each)))
            for each in sorted(classes, key=lambda each: (each is not TidingsError, each.__name__))
        ],
    )


def names() -> str:
    """All public names of the package, each with the first sentence of its docstring."""
    rows = []
    for name in _NAMES:
        thing = getattr(tidings, name)
        documented = inspect.getdoc(thing) if callable(thing) else None
        first = re.split(r"(?<=\.)\s", prose((documented or "").split("\n\n")[0]))[0]
        rows.append((code(name), first if callable(thing) else _constant(thing)))
    return table(("name", "purpose"), rows)


def _constant(thing: Any) -> str:
    return f"The presets: {', '.join(code(each) for each in thing)}."
