"""Where a URL leads, as it is connected to; pure."""

import httpx


def host_of(url: httpx.URL) -> str:
    """As it is resolved: httpx would tell international names in their own letters."""
    return url.raw_host.decode()


def port_of(url: httpx.URL) -> int:
    """Given, or the scheme's own."""
    return url.port or (443 if url.scheme == "https" else 80)


def authority(host: str, port: int | None) -> str:
    """Host and port as a URL has them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
