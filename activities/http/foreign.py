"""Texts and names of other programs that failures are recognised by.

Each was read in the version that stands beside it. The tests in
``tests/unit/activities/http/test_foreign.py`` fail when one of them changes.
"""

import os
import re
from collections.abc import Mapping
from typing import Final

_ERRNO: Final = re.compile(r"\[Errno ([0-9]+)\]")
"""CPython 3.11: the beginning of the text of an ``OSError``."""
_BYTES: Final = re.compile(r"""(?:bytearray\()?\bb('.*'|".*")\)?""")
"""CPython 3.11: the ``repr()`` of bytes, which aiohttp's messages hold."""
_POINTER: Final = re.compile(r"\n *\^\Z")
"""aiohttp 3.14 (``_http_parser.pyx``): the last line points at a column of the line before."""
_QUERY: Final = re.compile(r"""\?\S*[^\s'"]""")

_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_PROXY_ERROR: Final = re.compile(r";\s*error=([A-Za-z0-9_*:/.\-]+)")
"""RFC 9209 section 2.1.1: the parameter is a token."""
_SQUID_ERROR: Final = "x-squid-error"
"""Squid 6 (``src/errorpage.cc``): the header of its own error pages."""


def parser_message(message: str) -> str:
    """The message of aiohttp's parser, in one line and without a query.

    Some targets answer with the request, and a query may hold a secret.
    """
    return _QUERY.sub("?…", _BYTES.sub(r"\1", _POINTER.sub("", message)))


def system_errors(text: str) -> str:
    """The system's own words for every error number in ``text``; empty if it has no number.

    aiohappyeyeballs 2.7 joins the errors of several addresses into one text.
    """
    numbers = dict.fromkeys(_ERRNO.findall(text))
    return ", ".join(os.strerror(int(number)) for number in numbers)


def stumbled_in_tls(error: BaseException) -> str | None:
    """The error that CPython 3.11.7 hides when TLS fails within the TLS of a proxy.

    Its asyncio calls ``SSLProtocol._abort()`` with one argument too many. The true error is the
    context of that ``TypeError``, and aiohttp 3.14 makes the ``TypeError`` the cause of its own.
    """
    match error.__cause__:
        case TypeError(__context__=Exception() as hidden):
            return str(hidden) or "it hung up"
    return None


def error_of_proxy(headers: Mapping[str, str]) -> str | None:
    """The error that a proxy marks as its own: ``Proxy-Status`` (RFC 9209), or Squid's header."""
    # The last member of the list is the nearest proxy's. The others stand behind it.
    member = _QUOTED.sub("", headers.get("proxy-status", "")).rpartition(",")[2]
    if error := _PROXY_ERROR.search(member):
        return error[1]
    return headers.get(_SQUID_ERROR)
