"""A signature: the message that it covers, and what it adds to a request; pure."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NoReturn
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from tidings.fields import form

_EPOCH: Final = datetime.fromtimestamp(0, UTC)


class UnsignedError(Exception):
    """A request cannot be signed; the message says what to do about it."""


class Concealed:
    """Something secret. It does not show itself, and it cannot be pickled or copied."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key cannot be pickled: that would write its secret down")


@dataclass(frozen=True, kw_only=True)
class Message:
    """A request that is to be signed."""

    id: str
    sent_at: datetime
    """Aware, in any zone."""
    method: str
    url: str = field(repr=False)
    """As it is sent, but without the parameters of the signature."""
    body: bytes = field(repr=False)
    """The bytes that are sent."""

    @property
    def timestamp(self) -> int:
        """``sent_at`` in whole seconds since 1970, as ``webhook-timestamp`` has it."""
        return (self.sent_at - _EPOCH) // timedelta(seconds=1)

    @property
    def timestamp_ms(self) -> int:
        """``sent_at`` in whole milliseconds since 1970."""
        return (self.sent_at - _EPOCH) // timedelta(milliseconds=1)


@dataclass(frozen=True, kw_only=True)
class Signature:
    """The headers and the query parameters that carry a signature."""

    headers: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)

    def added_to(self, url: str, headers: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """``url`` and ``headers`` with the signature; the parameters come last in the query.

        Raises ``UnsignedError`` if one of its names is taken: a target could not know which of the
        two values is the signature.
        """
        lower = {name.lower() for name in headers}
        for name in self.headers:
            if name.lower() in lower:
                raise _taken(f"header {name!r}", "headers")
        query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        for name in self.parameters:
            if name in query:
                raise _taken(f"query parameter {name!r}", "target")
        return _with_query(url, self.parameters), {**headers, **self.headers}


class Signer(Concealed, ABC):
    """The entry of a keyring under one name: it signs messages in one scheme."""

    __slots__ = ()

    @abstractmethod
    def signature(self, message: Message) -> Signature:
        """The signature over ``message``, made with every key or secret of the entry."""


def _taken(name: str, field: str) -> UnsignedError:
    advice = f"leave it out of Notification.{field}"
    return UnsignedError(f"{name} is where the signing key puts its signature; {advice}")


def _with_query(url: str, parameters: Mapping[str, str]) -> str:
    return form.appended(url, urlencode(parameters, quote_via=quote, safe=""))
