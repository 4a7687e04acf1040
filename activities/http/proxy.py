"""The proxy that requests go through, as its setting describes it; pure."""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import unquote_to_bytes

import httpx

from activities.http.url import authority, host_of, port_of

_HOST: Final = re.compile(r"[A-Za-z0-9._:-]+")


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """The proxy that all requests go through."""

    scheme: str
    host: str
    port: int
    authorization: str | None = field(repr=False)
    """The value of the ``Proxy-Authorization`` header; ``None`` if it needs no credentials."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a URL; raises ``ValueError`` with a message that does not hold it."""
        try:
            url = httpx.URL(text)
        except httpx.InvalidURL:
            raise ValueError("it is not a URL") from None
        if url.scheme not in {"http", "https"} or not url.host:
            raise ValueError("it has to read http://HOST:PORT or https://HOST:PORT")
        if url.path not in {"", "/"} or url.query or url.fragment:
            raise ValueError("it must not have a path or a query")
        if url.port is not None and not 1 <= url.port <= 65535:
            raise ValueError("its port is not 1 to 65535")
        host = host_of(url)
        if not _HOST.fullmatch(host):
            raise ValueError("its host is neither a name nor an IP address")
        authorization = _basic(url.userinfo) if url.userinfo else None
        return cls(scheme=url.scheme, host=host, port=port_of(url), authorization=authorization)

    @property
    def authority(self) -> str:
        """Host and port."""
        return authority(self.host, self.port)

    @property
    def url(self) -> str:
        """The URL without user and password."""
        return f"{self.scheme}://{self.authority}"


def _basic(userinfo: bytes) -> str:
    """User and password for basic authentication (RFC 7617), as the bytes that they stand for."""
    user, _, password = (unquote_to_bytes(part) for part in userinfo.partition(b":"))
    if b":" in user:
        raise ValueError("its user must not have a colon")
    return f"Basic {b64encode(user + b':' + password).decode()}"
