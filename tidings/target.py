"""The target: the URL that a notification goes to; pure."""

import re
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import Url

MAX_TARGET: Final = 2048
"""Characters."""

_PRINTABLE_ASCII: Final = re.compile(r"[\x21-\x7e]+")
_HOST_NAME: Final = re.compile(r"(?=.{1,253}\.?\Z)(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")


def authority(target: str) -> str:
    """Host and port of a URL, as ``orders.example.com:443``, with the host in lower case."""
    url = Url(target)
    return f"{url.host}:{url.port}"


def _valid_target(target: str) -> str:
    if not _PRINTABLE_ASCII.fullmatch(target):
        raise ValueError("a URL has printable ASCII characters only; percent-encode the others")
    try:
        url = Url(target)
    except ValidationError as error:
        raise ValueError(f"not a URL ({error.errors()[0]['msg']})") from None
    if url.scheme not in {"http", "https"}:
        raise ValueError("a target begins with http:// or https://")
    _check_host(url, urlsplit(target).netloc)
    if url.port == 0:
        raise ValueError("port 0 cannot be connected to")
    if "#" in target:
        raise ValueError("a fragment (#…) is never sent to a target; leave it out")
    return target


def _check_host(url: Url, netloc: str) -> None:
    """Refuses a host that two parsers read differently, as that could bypass the egress rules."""
    if "@" in netloc:
        raise ValueError("a target must not hold a user or password")
    has_port = url.port is not None and ":" in netloc
    written = netloc.lower().rpartition(":")[0] if has_port else netloc.lower()
    if written.startswith("["):
        return
    if f"{url.host}" != written:
        raise ValueError(f"some parsers read its host as {url.host}; write it like that")
    if not _HOST_NAME.fullmatch(f"{url.host}"):
        raise ValueError("a host name has parts of 1 to 63 letters, digits, - and _; 253 in all")


Target = Annotated[str, Field(max_length=MAX_TARGET), AfterValidator(_valid_target)]
"""An http or https URL without user, password and fragment."""
