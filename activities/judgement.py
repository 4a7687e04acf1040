"""What an answer means under the rule of its notification; pure."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import fromstring

from tidings.acknowledgement import Acknowledgement
from tidings.model import shown
from tidings.state import FailureKind

_RETRYABLE_CLIENT_ERRORS: Final = frozenset({408, 425, 429})
_FINAL_FAILURES: Final = frozenset({FailureKind.BAD_TARGET, FailureKind.EGRESS_REFUSED})
_SHOWN_REASON: Final = 200

_EAST_ASIAN: Final = re.compile(
    rb"<\?xml\s[^>]{0,100}?encoding\s*=\s*[\"'](gb2312|gbk|gb18030|big5|shift_jis|euc-jp|euc-kr)[\"']",
    re.IGNORECASE,
)
"""Encodings of several bytes a character, which expat does not read."""


class Verdict(StrEnum):
    """What follows from an attempt."""

    ACKNOWLEDGED = "acknowledged"
    PENDING = "pending"
    RETRY = "retry"
    REFUSED = "refused"


class Judgement(NamedTuple):
    """A verdict, and the sentence that tells a person why."""

    verdict: Verdict
    explanation: str
    failed: str | None = None
    """The condition of the rule that did not hold: ``status``, ``body_equals``,
    ``json_equals /code``, ``xml_equals return_code``."""


class _UnmetError(Exception):
    """A condition on the body does not hold: which, and how a sentence on it goes on."""

    def __init__(self, condition: str, problem: str) -> None:
        super().__init__(problem)
        self.condition = condition
        self.problem = problem


def judge_answer(
    rule: Acknowledgement, status_code: int, body: bytes, *, truncated: bool
) -> Judgement:
    """What an answer means under ``rule``.

    ``truncated`` tells that ``body`` is only the beginning of what the target sent.
    A client error is final but for 408, 425 and 429, which say that time may help
    (RFC 9110 section 15.5.9, RFC 8470, RFC 6585).
    """
    if _acknowledges(rule, status_code):
        try:
            _check_body(rule, body, truncated=truncated)
        except _UnmetError as unmet:
            explanation = f"answered {status_code}, but {unmet.problem}"
            return Judgement(Verdict.RETRY, explanation, unmet.condition)
        return Judgement(Verdict.ACKNOWLEDGED, f"acknowledged with {status_code}")
    return Judgement(*_unacknowledged(rule, status_code), failed="status")


def judge_failure(kind: FailureKind, detail: str) -> Judgement:
    """What it means that there was no answer; ``detail`` says what went wrong."""
    return Judgement(Verdict.REFUSED if kind in _FINAL_FAILURES else Verdict.RETRY, detail)


def _acknowledges(rule: Acknowledgement, status_code: int) -> bool:
    if rule.status is None:
        return 200 <= status_code <= 299 and status_code not in rule.pending_or_refused
    return status_code in rule.status


def _unacknowledged(rule: Acknowledgement, status_code: int) -> tuple[Verdict, str]:
    if status_code in (rule.pending or ()):
        return Verdict.PENDING, f"answered {status_code}: accepted, but not finished"
    if status_code in (rule.refused or ()):
        return Verdict.REFUSED, f"refused with {status_code}, as agreed with the target"
    if 300 <= status_code <= 399:
        return Verdict.RETRY, f"answered with redirect {status_code}, which is not followed"
    if status_code == 410:
        return Verdict.REFUSED, "refused with 410: the target is gone, and wants no more"
    if 400 <= status_code <= 499 and status_code not in _RETRYABLE_CLIENT_ERRORS:
        explanation = f"refused with {status_code}, which another attempt will not change"
        return Verdict.REFUSED, explanation
    return Verdict.RETRY, f"answered {status_code}, which is not an acknowledgement"


def _check_body(rule: Acknowledgement, body: bytes, *, truncated: bool) -> None:
    """Raises ``_UnmetError`` with the first condition that does not hold."""
    conditions = (
        ("body_equals", rule.body_equals, _check_text),
        ("json_equals", rule.json_equals, _check_json),
        ("xml_equals", rule.xml_equals, _check_xml),
    )
    for name, wanted, check in conditions:
        if wanted is None:
            continue
        if truncated:
            raise _UnmetError(name, f"the body is longer than the {len(body):,} bytes that count")
        check(rule, body)


def _check_text(rule: Acknowledgement, body: bytes) -> None:
    wanted = rule.body_equals or ""
    if not rule.ignore_case_and_space:
        if body != wanted.encode():
            raise _UnmetError("body_equals", f"the body is not {shown(wanted)}")
    elif _folded(_text("body_equals", body)) != _folded(wanted):
        problem = f"the body is not {shown(wanted)}, even without regard to case and space"
        raise _UnmetError("body_equals", problem)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip().casefold())


def _text(condition: str, body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")  # some senders begin with a byte order mark
    except UnicodeDecodeError:
        raise _UnmetError(condition, "the body is not in UTF-8") from None


# JSON


def _check_json(rule: Acknowledgement, body: bytes) -> None:
    try:
        document = json.loads(
            _text("json_equals", body), object_pairs_hook=_object, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        problem = f"the body is no JSON that can be trusted: {error}"
        raise _UnmetError("json_equals", problem) from None
    for pointer, wanted in (rule.json_equals or {}).items():
        condition = f"json_equals {pointer}"
        try:
            found = _resolve(document, pointer)
        except LookupError:
            raise _UnmetError(condition, f"its JSON has no {shown(pointer)}") from None
        if not _same(found, wanted):
            problem = f"its JSON has {shown(found)} at {shown(pointer)}, and not {shown(wanted)}"
            raise _UnmetError(condition, problem)


def _object(members: list[tuple[str, Any]]) -> Mapping[str, Any]:
    """An object whose names are unique: of two with one name, readers choose differently."""
    twice = [name for name, count in Counter(name for name, _ in members).items() if count > 1]
    if twice:
        raise ValueError(f"it has {shown(twice[0])} twice")
    return dict(members)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


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
        raise _UnmetError("xml_equals", problem) from None
    except (ParseError, DefusedXmlException, ValueError, LookupError, Warning) as error:
        # The last three: an encoding that Python does not know, or not here, or warns of.
        reason = str(error)[:_SHOWN_REASON]  # it may name an encoding of any length
        raise _UnmetError("xml_equals", f"the body is no XML that can be read: {reason}") from None
    for path, wanted in (rule.xml_equals or {}).items():
        condition = f"xml_equals {path}"
        elements = _elements(root, path)
        if len(elements) != 1:
            count = len(elements) or "no"
            plural = "s" if elements else ""
            raise _UnmetError(condition, f"its XML has {count} element{plural} {shown(path)}")
        element = elements[0]
        found = (element.text or "").strip()
        if len(element):
            raise _UnmetError(condition, f"its XML has elements, and no text, in {shown(path)}")
        if found != wanted.strip():
            problem = f"its XML has {shown(found)} in {shown(path)}, and not {shown(wanted)}"
            raise _UnmetError(condition, problem)


def _unicode(body: bytes) -> bytes | str:
    """XML in an encoding that the parser leaves out and older gateways use, as text.

    Raises ``ValueError`` where it is not in the encoding that it declares.
    """
    declared = _EAST_ASIAN.match(body)
    return body if declared is None else body.decode(declared[1].decode().lower())


def _elements(root: Element, path: str) -> list[Element]:
    """The elements at a path below ``root``, in whatever namespace."""
    found = [root]
    for name in path.split("/") if path != "." else ():
        found = [child for each in found for child in each if _local_name(child) == name]
    return found


def _local_name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
