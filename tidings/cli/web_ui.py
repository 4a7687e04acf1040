"""The link to a list in Temporal's Web UI."""

from typing import Final
from urllib.parse import quote

from pydantic import HttpUrl, TypeAdapter, ValidationError

from tidings import Filter, InvalidInputError
from tidings.temporal import connect
from tidings.temporal.web_ui import list_query

VARIABLE: Final = "TIDINGS_WEB_UI"
"""The environment variable with the address of the Web UI."""
ADVICE: Final = (
    f"For a link to this list, set {VARIABLE} to the address of Temporal's Web UI, as http://HOST"
)
_OF_THE_DEFAULT: Final = "http://127.0.0.1:8233"
"""The Web UI of the embedded server, if its ports are the default ones."""
_URL: Final = TypeAdapter(HttpUrl)


def link(filter_: Filter, address: str | None) -> str | None:
    """The link to the running and rejected notifications of ``filter_`` (see ``list_query``).

    ``None`` if nobody knows the address of the Web UI. Raises ``InvalidInputError`` if ``address``
    is not a URL.
    """
    server, namespace = connect.configured()
    if address is None and server != connect.DEFAULT_ADDRESS:
        return None
    base = _checked(address) if address is not None else _OF_THE_DEFAULT
    query = quote(list_query(filter_), safe="")
    return f"{base}/namespaces/{quote(namespace, safe='')}/workflows?query={query}"


def _checked(address: str) -> str:
    try:
        _URL.validate_python(address)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]["msg"]
        raise InvalidInputError(
            f"{VARIABLE} (or --web-ui) is {address!r}, which is not the address of a Web UI: "
            f"{problem}; give it as in {_OF_THE_DEFAULT}"
        ) from None
    return address.rstrip("/")
