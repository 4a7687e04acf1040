"""The condition ``xml_equals``: texts of elements in the body; pure.

A document type is not read, because its entities can grow without limit or name files.
"""

import codecs
from collections.abc import Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import fromstring

from activities.verdict.charset import agreed_codec, codec, in_xml
from activities.verdict.unmet import UnmetError, one_of
from tidings.base.text import brief, printable
from tidings.fields.body_condition import choices

_MAX_REASON: Final = 200
"""Characters of the parser's message."""


def check_xml(expected: Mapping[str, Any], body: bytes, content_type: str | None) -> None:
    """Raises ``UnmetError`` if the body does not have all ``expected`` texts, by path."""
    root = _root(body, content_type)
    for path, text in expected.items():
        agreed = choices(text)
        condition = f"xml_equals {path}"
        element = _element(root, path)
        found = (element.text or "").strip()
        if len(element):
            raise UnmetError(condition, f"its XML has elements in {brief(path)}, not a text")
        if found not in [each.strip() for each in agreed]:
            wanted = one_of([brief(each) for each in agreed])
            problem = f"its XML has {brief(found)} in {brief(path)}, not {wanted}"
            raise UnmetError(condition, problem, found=found)


def _root(body: bytes, content_type: str | None) -> Element:
    try:
        return fromstring(_decoded(body, content_type), forbid_dtd=True)
    except DTDForbidden:
        problem = "its XML declares a document type, which is not read"
    except (ParseError, DefusedXmlException, ValueError) as error:
        reason = printable(str(error)[:_MAX_REASON])  # a parser may quote the document
        problem = f"the body is not readable XML: {reason}"
    raise UnmetError("xml_equals", problem)


def _decoded(body: bytes, content_type: str | None) -> str:
    """The XML as text; the parser itself would try any encoding that a target names.

    What the document says of itself counts before its Content-Type, which many servers add
    without a look at the document. Raises ``ValueError`` or ``UnmetError`` if the encoding is not
    read, or if the body is not in it.
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16")
    declared = in_xml(body)
    encoding = codec(declared) if declared else agreed_codec("xml_equals", content_type)
    if encoding is None:
        raise ValueError(f"it declares the encoding {declared!r}, which is not read")
    text = body.decode("utf-8-sig" if body.startswith(codecs.BOM_UTF8) else encoding)
    if "\0" in text:  # the parser would guess that it is UTF-16
        raise ValueError("it has a NUL")
    return text


def _element(root: Element, path: str) -> Element:
    """The element at a path below ``root``; namespaces do not matter.

    Each step has to exist exactly once: of two elements, readers choose differently.
    """
    element = root
    steps = path.split("/") if path != "." else []
    for depth, step in enumerate(steps, start=1):
        found = [child for child in element if _local_name(child) == step]
        if len(found) != 1:
            count = f"{len(found)} elements" if found else "no element"
            way = f" on the way to {brief(path)}" if depth < len(steps) else ""
            problem = f"its XML has {count} {brief('/'.join(steps[:depth]))}{way}"
            raise UnmetError(f"xml_equals {path}", problem)
        (element,) = found
    return element


def _local_name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
