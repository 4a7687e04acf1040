"""The title of a notification in Temporal's Web UI: its type, its id and its host; pure.

The Web UI calls it *Summary*. It shows it as Markdown on the page of the notification, and as
plain text in an event.
"""

import re
from typing import Final

from tidings.base.text import printable

MAX_BYTES: Final = 360
"""The most bytes of a title. Temporal's limit for a summary is 400, its wrapping included."""
_CUT: Final = "…"
_HARMLESS: Final = re.compile(r"(?!mailto:)[A-Z0-9]+(?:[._:-][A-Z0-9]+)*", re.ASCII | re.IGNORECASE)
"""A word that Markdown shows as it is: no emphasis, no link, no dash for a double hyphen."""


def title(type_: str, notification_id: str, host: str) -> str:
    """The title, as ``payment.succeeded 1075 → shop.example.com``, on one line.

    The id is cut last, because a person looks for it. Type and host share the rest. What Markdown
    would change becomes a span of code.
    """
    spare = MAX_BYTES - len(_code("", "", "").encode())
    id_ = _cut(_line(notification_id), spare)
    spare -= len(id_.encode())
    type_, host = _line(type_), _line(host)
    type_ = _cut(type_, max(spare // 2, spare - len(host.encode())))
    host = _cut(host, spare - len(type_.encode()))
    is_harmless = all(_HARMLESS.fullmatch(word) for word in (type_, id_, host))
    return _plain(type_, id_, host) if is_harmless else _code(type_, id_, host)


def _plain(type_: str, id_: str, host: str) -> str:
    return f"{type_} {id_} → {host}"


def _code(type_: str, id_: str, host: str) -> str:
    return f"`{_plain(type_, id_, host)}`"


def _line(text: str) -> str:
    """``text`` on one line, without the sign that would end a span of code."""
    return printable(" ".join(text.split())).replace("`", "'")


def _cut(text: str, size: int) -> str:
    """The beginning of ``text`` in at most ``size`` bytes of UTF-8, and in whole characters."""
    encoded = text.encode()
    if len(encoded) <= size:
        return text
    kept = size - len(_CUT.encode())
    # The cut may divide a character, whose first bytes alone cannot be decoded.
    return encoded[:kept].decode(errors="ignore") + _CUT if kept >= 0 else ""
