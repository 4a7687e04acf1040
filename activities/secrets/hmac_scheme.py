"""The scheme of an earlier system: HMAC over a template, in a header or in the query; pure."""

import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from activities.secrets.signature import Concealed, Message, Signature, Signer
from activities.secrets.template import Template

ALGORITHMS: Final = ("sha256", "sha1", "sha512")
ENCODINGS: Final[Mapping[str, Callable[[bytes], str]]] = MappingProxyType(
    {"hex": bytes.hex, "base64": lambda digest: b64encode(digest).decode()}
)
TIMESTAMPS: Final = ("timestamp", "timestamp_ms")
"""The placeholders of a prefix: in whole seconds, and in whole milliseconds."""
PLACEHOLDERS: Final = ("body", "id", *TIMESTAMPS, "secret", "method", "url")
"""The placeholders of a template."""


@dataclass(frozen=True, kw_only=True, repr=False, slots=True)
class Form(Concealed):
    """The form of a signature, which a target expects."""

    algorithm: str
    """One of ``ALGORITHMS``."""
    template: Template
    """The content that is signed."""
    encoding: str
    """One of ``ENCODINGS``."""
    prefix: Template
    """The text before the signature."""
    separator: str
    """The text between the signatures of two secrets."""
    place: Literal["headers", "parameters"]
    name: str
    """The header or query parameter with the signature."""
    timestamp_name: str | None
    """The header or query parameter with the timestamp that is signed."""


class HmacScheme(Signer):
    """One signature for each secret, in the order of the secrets."""

    __slots__ = ("_form", "_secrets")

    def __init__(self, secrets: Sequence[str], form: Form) -> None:
        """``secrets`` are used as they are, in UTF-8."""
        self._secrets = tuple(secret.encode() for secret in secrets)
        self._form = form

    def signature(self, message: Message) -> Signature:
        """See ``Signer``."""
        form = self._form
        values = {
            "body": message.body,
            "id": message.id.encode(),
            "timestamp": str(message.timestamp).encode(),
            "timestamp_ms": str(message.timestamp_ms).encode(),
            "method": message.method.encode(),
            "url": message.url.encode(),
        }
        signatures = [self._sign({**values, "secret": secret}) for secret in self._secrets]
        carried = {}
        if form.timestamp_name is not None:
            (unit,) = form.template.names.intersection(TIMESTAMPS)
            carried[form.timestamp_name] = values[unit].decode()
        prefix = form.prefix.filled(values).decode()
        carried[form.name] = prefix + form.separator.join(signatures)
        return Signature(**{form.place: carried})

    def _sign(self, values: Mapping[str, bytes]) -> str:
        content = self._form.template.filled(values)
        digest = hmac.digest(values["secret"], content, self._form.algorithm)
        return ENCODINGS[self._form.encoding](digest)
