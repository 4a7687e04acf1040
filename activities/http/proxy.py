"""The proxy that requests go through, and how its setting is read; pure."""

import re
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import quote, unquote_to_bytes

import httpx

from activities.http.url import authority, host_of, port_of

_HOST: Final = re.compile(r"[A-Za-z0-9._:-]+")


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """The proxy that all requests go through."""

    url: str = field(repr=False)
    """With user and password, if it needs them."""
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a URL; raises ``ValueError`` with a message that does not hold it."""
        try:
            url = httpx.URL(text)
        except httpx.InvalidURL:
            raise ValueError("it is no URL") from None
        if url.scheme not in {"http", "https"} or not url.host:
            raise ValueError("it has to read http://HOST:PORT or https://HOST:PORT")
        if url.path not in {"", "/"} or url.query or url.fragment:
            raise ValueError("it must have neither path nor query")
        if url.port is not None and not 1 <= url.port <= 65535:
            raise ValueError("its port is not 1 to 65535")
        host = host_of(url)
        if not _HOST.fullmatch(host):
            raise ValueError("its host is neither a name nor an IP address")
        port = port_of(url)
        # Written anew, so that aiohttp, which reads it with another parser, cannot differ.
        clear = f"{url.scheme}://{_credentials(url.userinfo)}{authority(host, port)}"
        return cls(url=clear, host=host, port=port)

    @property
    def authority(self) -> str:
        """Host and port."""
        return authority(self.host, self.port)


def _credentials(userinfo: bytes) -> str:
    """User and password such that aiohttp sends the bytes that they stand for.

    It decodes a URL as UTF-8, but encodes these in Latin-1.
    """
    user, colon, password = userinfo.partition(b":")
    bytes_of_user = unquote_to_bytes(user)
    if b":" in bytes_of_user:
        raise ValueError("its user must not have a colon")
    parts = (bytes_of_user, colon, unquote_to_bytes(password))
    quoted = (quote(part.decode("latin-1"), safe=":") for part in parts)
    return "".join(quoted) + "@" if userinfo else ""
