"""The cause why a notification is stuck: a short stable code, and the words for it; pure.

A code is one word, as ``timeout``, or a word with a detail: ``answered:500``, ``refused:404``,
``body:/code=FAIL``. Codes are kept in states and searched in lists, so none ever changes.
"""

import re
from typing import Annotated, Final

from pydantic import Field

from tidings.state.status import FailureKind

CONNECTION_REFUSED: Final = "connection_refused"
NAME_NOT_FOUND: Final = "name_not_found"
NOT_HTTP: Final = "not_http"
TLS: Final = "tls"
EXPIRED: Final = "expired"
"""The code of a notification that expired before its target acknowledged it."""
INTERNAL: Final = "internal"
"""The code of a failure on our own side."""

WORDS: Final = {
    CONNECTION_REFUSED: "connection refused",
    NAME_NOT_FOUND: "host name not found",
    TLS: "no trusted TLS connection",
    "unreachable": "could not connect",
    "timeout": "timed out",
    "connection_lost": "connection lost",
    NOT_HTTP: "answer is not valid HTTP",
    "proxy": "proxy failed",
    "bad_target": "URL cannot be requested",
    "egress_refused": "address is not allowed",
    "unsigned": "signing key is missing",
    INTERNAL: "failed on our side",
    "interrupted": "worker was lost",
    EXPIRED: "expired",
}
"""The words for each code without a detail."""
FAMILIES: Final = {
    "answered:<status>": "answered <status>",
    "refused:<status>": "refused with <status>",
    "refused:body": "refused by the body of the answer",
    "pending:<status>": "answered <status>: accepted, but not finished",
    "pending:body": "answered: accepted, but not finished",
    "body": "answered without the agreed body",
    "body=<value>": "answered <value>",
    "body:<place>": "answered without the agreed value at <place>",
    "body:<place>=<value>": "answered <value> at <place>",
}
"""The words for each kind of code with a detail; a place is a JSON pointer or a path in XML."""

Cause = Annotated[str, Field(pattern=r"^[A-Za-z0-9_:/=.~@\-]{1,100}$")]
"""A code, or the beginning of one. None of its characters has a meaning in a query of Temporal."""
_OF_KIND: Final = {
    FailureKind.CONNECTION: "unreachable",
    FailureKind.PROTOCOL: "connection_lost",
}
"""Kinds that do not say as much as a person would; any other kind is its own code."""
_MAX_PLACE: Final = 60
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_/.~@\-]", re.ASCII)
_VALUE: Final = re.compile(r"[A-Za-z0-9_.\-]{1,16}", re.ASCII)
"""A value that may stand in a code. Lists show codes in the clear, so it is a short word at most:
what a target says in a code of its own, and hardly ever a person's data."""


def of_failure(kind: FailureKind) -> str:
    """The code of an attempt without an answer, if no more is known than its kind."""
    return _OF_KIND.get(kind, kind.value)


def of_status(verdict: str, status_code: int) -> str:
    """The code of an answer whose status decided; ``verdict`` is the first word of a family."""
    return f"{verdict}:{status_code}"


def of_body(place: str, found: str | None) -> str:
    """The code of an answer without the agreed body, or without the agreed value at ``place``.

    ``place`` is empty for the whole body. ``found`` is what the answer has there instead;
    ``None`` if that is nothing or no text.
    """
    code = f"body:{_UNSAFE.sub('_', place)[:_MAX_PLACE]}" if place else "body"
    return f"{code}={found}" if found is not None and _VALUE.fullmatch(found) else code


def is_meant(wanted: str, code: str | None) -> bool:
    """True if a person who asks for ``wanted`` means ``code``, too.

    ``answered`` means every status, and ``body:/code`` every value there.
    """
    return code is not None and (code == wanted or code.startswith(prefixes(wanted)))


def prefixes(wanted: str) -> tuple[str, ...]:
    """The beginnings of all codes that ``wanted`` means besides itself."""
    return (f"{wanted}:", f"{wanted}=")


def words(code: str) -> str:
    """A code as a person would say it; an unknown one, of a later version, as it is."""
    if code in WORDS:
        return WORDS[code]
    place, _, found = code.partition("=")
    family, _, detail = place.partition(":")
    if family != "body":
        kind = f"{family}:body" if detail == "body" else f"{family}:<status>"
        return FAMILIES.get(kind, code).replace("<status>", detail)
    kind = "body" + (":<place>" if detail else "") + ("=<value>" if found else "")
    return FAMILIES[kind].replace("<place>", detail).replace("<value>", found)
