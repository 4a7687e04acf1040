"""Host and port of a URL, as they are connected to; pure."""

import httpx


def host_of(url: httpx.URL) -> str:
    """The host as it is resolved: an international name in its ASCII form."""
    return url.raw_host.decode()


def port_of(url: httpx.URL) -> int:
    """The port of the URL, or the default port of its scheme."""
    return url.port or (443 if url.scheme == "https" else 80)


def authority(host: str, port: int | None) -> str:
    """Host and port as a URL has them, an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
