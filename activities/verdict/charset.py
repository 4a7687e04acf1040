"""The charset in which an answer's body is read; pure.

A target may name any charset, so only those in use are read. ``codecs`` is never asked for
another one: Python keeps every name that it was asked for.
"""

import codecs
import re
from typing import Final

from activities.verdict.unmet import UnmetError
from tidings.base.text import printable
from tidings.fields.charset import CODECS

_MAX_CONTENT_TYPE: Final = 1000
"""Characters of a Content-Type that are read."""
_MAX_NAME: Final = 40
"""Characters of a charset's name that a message quotes."""
_PARAMETER: Final = re.compile(r';\s*([^\s=;"]*)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
_IN_XML: Final = re.compile(
    rb"""\s*<\?xml\s[^>]{0,100}?encoding\s*=\s*["']([^"']{0,40})""", re.IGNORECASE
)


def codec(name: str) -> str | None:
    """Python's codec for the charset ``name``; ``None`` if this charset is not read."""
    return CODECS.get(name.lower())


def in_header(content_type: str | None) -> str | None:
    """The charset that a Content-Type declares; ``None`` if it declares none.

    Two different ones become one name that is not read, because readers choose differently.
    """
    parameters = _PARAMETER.findall((content_type or "")[:_MAX_CONTENT_TYPE])
    names = (
        value.strip("\"' \t").lower() for name, value in parameters if name.lower() == "charset"
    )
    return " and ".join(dict.fromkeys(filter(None, names))) or None


def in_xml(body: bytes) -> str | None:
    """The encoding that an XML document declares; ``None`` if it declares none."""
    declaration = _IN_XML.match(body.removeprefix(codecs.BOM_UTF8))
    return declaration[1].decode(errors="replace").lower() if declaration else None


def agreed_codec(condition: str, content_type: str | None) -> str:
    """The codec for a body of this Content-Type, by default UTF-8.

    Raises ``UnmetError`` for ``condition`` if the charset is not read.
    """
    name = in_header(content_type) or "utf-8"
    found = codec(name)
    if found is None:
        quoted = printable(name[:_MAX_NAME])
        problem = f"its Content-Type declares the charset '{quoted}', which is not read"
        raise UnmetError(condition, problem)
    return found


def likely_codec(body: bytes, content_type: str | None) -> str:
    """The codec in which a person can most likely read a body."""
    if body.startswith(codecs.BOM_UTF8):
        return "utf-8"
    declared = (in_header(content_type), in_xml(body))
    return next((found for name in declared if name and (found := codec(name))), "utf-8")


def decoded(condition: str, body: bytes, content_type: str | None) -> str:
    """The body as text; raises ``UnmetError`` for ``condition`` if it cannot be read."""
    found = agreed_codec(condition, content_type)
    if body.startswith(codecs.BOM_UTF8):  # some senders begin with it, whatever they declare
        found = "utf-8-sig"
    try:
        return body.decode(found)
    except UnicodeDecodeError:
        name = "UTF-8" if found.startswith("utf-8") else str(in_header(content_type)).upper()
        raise UnmetError(condition, f"the body is not in {name}") from None
