"""The target of a filter: a host, a ``host:port``, or a URL; pure."""

import re

from pydantic import ValidationError
from pydantic_core import Url

from tidings.fields.path import path
from tidings.fields.target import authority


def valid(target: str) -> str:
    """``target`` as it is; raises ``ValueError`` if no notification can have such a target."""
    netloc = re.split("[/?#]", target.partition("://")[2] or target)[0]
    if "://" not in target and netloc.endswith(":"):
        raise ValueError("there is no port after its colon; leave the colon out to mean any port")
    url = _url(target)
    if url.scheme not in {"http", "https"}:
        raise ValueError("it is neither http nor https")
    if not netloc:
        raise ValueError("there is no host behind its scheme")
    if "@" in netloc:
        raise ValueError("a target has neither user nor password; leave them out")
    if "://" not in target and (url.query is not None or url.path not in {None, "/"}):
        raise ValueError("a path needs a whole URL in front of it, as in https://host/path")
    if url.fragment is not None:
        raise ValueError("a fragment (#…) is never sent to a target; leave it out")
    return target


def authority_of(target: str) -> str:
    """Host and port of a filter's target; ``host:`` if it does not name a port."""
    url = _url(target)
    # If the port changes with the scheme (80 or 443), the caller gave none.
    if "://" in target or Url(f"https://{target}").port == url.port:
        return f"{url.host}:{url.port}"
    return f"{url.host}:"


def path_of(target: str) -> str | None:
    """The path and query of a filter's target; ``None`` if it names neither."""
    if "://" not in target:
        return None
    return found if (found := path(target)) != "/" else None


def is_meant(wanted: str, target: str | None) -> bool:
    """True if a filter for ``wanted`` means the URL ``target``; ``None`` is not known yet."""
    if target is None:
        return False
    place, wanted_path, found = authority_of(wanted), path_of(wanted), authority(target)
    is_host = found.startswith(place) if place.endswith(":") else found == place
    return is_host and (wanted_path is None or _is_path(wanted_path, path(target)))


def _url(target: str) -> Url:
    try:
        return Url(target if "://" in target else f"http://{target}")
    except ValidationError as error:
        problem = error.errors()[0]["msg"]
        raise ValueError(f"it is not a host, host:port or URL: {problem}") from None


def _is_path(wanted: str, found: str) -> bool:
    return found == wanted or ("?" not in wanted and found.partition("?")[0] == wanted)
