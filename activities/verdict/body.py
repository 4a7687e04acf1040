"""Whether an answer's body meets the conditions of a rule; pure.

A target chooses the body, so whatever is done to it takes time in proportion to its length, raises
nothing but ``UnmetError``, and believes nothing that two readers may understand differently.
"""

import codecs
import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import fromstring

from tidings.base.text import brief
from tidings.fields.acknowledgement import Acknowledgement

_SHOWN_REASON: Final = 200

_XML_ENCODING: Final = re.compile(
    rb"""\s*<\?xml\s[^>]{0,100}?encoding\s*=\s*["']([^"']{0,40})""", re.IGNORECASE
)
_READ_ENCODINGS: Final = frozenset(
    {
        *("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"),
        *("gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"),
    }
)


class UnmetError(Exception):
    """A condition on the body does not hold: which, and how a sentence on it goes on."""

    def __init__(self, condition: str, problem: str) -> None:
        super().__init__(problem)
        self.condition = condition
        self.problem = problem


def check_body(rule: Acknowledgement, body: bytes, *, truncated: bool) -> None:
    """Raises ``UnmetError`` with the first condition that does not hold."""
    conditions = (
        ("body_equals", rule.body_equals, _check_text),
        ("json_equals", rule.json_equals, _check_json),
        ("xml_equals", rule.xml_equals, _check_xml),
    )
    for name, wanted, check in conditions:
        if wanted is None:
            continue
        if truncated:
            raise UnmetError(name, f"the body is longer than the {len(body):,} bytes that count")
        if wanted and not body:
            raise UnmetError(name, f"the body is empty, and not {brief(wanted)}")
        check(rule, body)


def _check_text(rule: Acknowledgement, body: bytes) -> None:
    wanted = rule.body_equals or ""
    if not rule.ignore_case_and_space:
        if body != wanted.encode():
            raise UnmetError("body_equals", f"the body is not {brief(wanted)}")
    elif _folded(_text("body_equals", body)) != _folded(wanted):
        problem = f"the body is not {brief(wanted)}, even without regard to case and space"
        raise UnmetError("body_equals", problem)


def _folded(text: str) -> str:
    # Without Unicode's normal forms: a target could have them computed for seconds.
    return text.strip().casefold()


def _text(condition: str, body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")  # some senders begin with a byte order mark
    except UnicodeDecodeError:
        raise UnmetError(condition, "the body is not in UTF-8") from None


# JSON


def _check_json(rule: Acknowledgement, body: bytes) -> None:
    try:
        document = json.loads(
            _text("json_equals", body),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_no_constant,
        )
        _check_characters(document)
    except (ValueError, RecursionError) as error:
        problem = f"the body is no JSON that can be trusted: {error}"
        raise UnmetError("json_equals", problem) from None
    for pointer, wanted in (rule.json_equals or {}).items():
        condition = f"json_equals {pointer}"
        try:
            found = _resolve(document, pointer)
        except LookupError:
            raise UnmetError(condition, f"its JSON has no {brief(pointer)}") from None
        if not _same(found, wanted):
            problem = f"its JSON has {_said(found)} at {brief(pointer)}, and not {_said(wanted)}"
            raise UnmetError(condition, problem)


def _object(members: list[tuple[str, Any]]) -> Mapping[str, Any]:
    """An object whose names are unique: of two with one name, readers choose differently."""
    twice = [name for name, count in Counter(name for name, _ in members).items() if count > 1]
    if twice:
        raise ValueError(f"it has {brief(twice[0])} twice")
    return dict(members)


def _integer(text: str) -> int:
    _number(text)  # first: int() has advice for programmers where there are thousands of digits
    return int(text)


def _number(text: str) -> float:
    """A number within the range of a double: beyond it some readers have infinity, some fail."""
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"it has the number {brief(text)}, which is too large for many readers")
    return number


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _check_characters(document: Any) -> None:
    """Refuses half of a surrogate pair, which readers drop, replace, keep or fail at."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise ValueError(f"it has half of a surrogate pair, {half!a}") from None


def _resolve(document: Any, pointer: str) -> Any:
    """The value at a JSON pointer (RFC 6901); raises ``LookupError`` where there is none."""
    for escaped in pointer.split("/")[1:]:
        step = escaped.replace("~1", "/").replace("~0", "~")
        if isinstance(document, list):
            document = document[_index(step)]
        elif isinstance(document, dict):
            document = document[step]
        else:
            raise LookupError(step)  # noqa: TRY004 -- it is the pointer that finds nothing
    return document


def _index(step: str) -> int:
    if not (step.isascii() and step.isdigit()) or (step[0] == "0" and step != "0"):
        raise LookupError(step)
    return int(step)


def _said(value: Any) -> str:
    return json.dumps(value) if value is None or isinstance(value, bool) else brief(value)


def _same(found: Any, wanted: Any) -> bool:
    """Equal as JSON: ``1`` is ``1.0``, and neither is ``true`` nor ``"1"``."""
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    return bool(found == wanted)


# XML


def _check_xml(rule: Acknowledgement, body: bytes) -> None:
    try:
        root = fromstring(_unicode(body), forbid_dtd=True)
    except DTDForbidden:
        problem = "its XML declares a document type, which is not read"
        raise UnmetError("xml_equals", problem) from None
    except (ParseError, DefusedXmlException, ValueError) as error:
        reason = str(error)[:_SHOWN_REASON]  # it may quote the document
        raise UnmetError("xml_equals", f"the body is no XML that can be read: {reason}") from None
    for path, wanted in (rule.xml_equals or {}).items():
        condition = f"xml_equals {path}"
        element = _element(root, path)
        found = (element.text or "").strip()
        if len(element):
            raise UnmetError(condition, f"its XML has elements, and no text, in {brief(path)}")
        if found != wanted.strip():
            problem = f"its XML has {brief(found)} in {brief(path)}, and not {brief(wanted)}"
            raise UnmetError(condition, problem)


def _unicode(body: bytes) -> str:
    """XML as text: the parser itself would ask for whatever encoding a target makes up.

    Raises ``ValueError`` where it declares one that is not read, or is not in it.
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16")
    declared = _XML_ENCODING.match(body.removeprefix(codecs.BOM_UTF8))
    encoding = declared[1].decode(errors="replace").lower() if declared else "utf-8"
    if encoding not in _READ_ENCODINGS:
        raise ValueError(f"it declares the encoding {encoding!r}, which is not read")
    text = body.decode("utf-8-sig" if body.startswith(codecs.BOM_UTF8) else encoding)
    if "\0" in text:  # the parser would guess that it is UTF-16
        raise ValueError("it has a NUL")
    return text


def _element(root: Element, path: str) -> Element:
    """The element at a path below ``root``, in whatever namespace.

    Each step has to be there once: of two, readers choose differently.
    """
    element = root
    steps = path.split("/") if path != "." else []
    for depth, step in enumerate(steps, start=1):
        found = [child for child in element if _local_name(child) == step]
        if len(found) != 1:
            there = f"{len(found)} elements" if found else "no element"
            way = f" on the way to {brief(path)}" if depth < len(steps) else ""
            problem = f"its XML has {there} {brief('/'.join(steps[:depth]))}{way}"
            raise UnmetError(f"xml_equals {path}", problem)
        (element,) = found
    return element


def _local_name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
