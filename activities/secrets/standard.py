"""The scheme of Standard Webhooks, and the keys for it; pure.

See https://github.com/standard-webhooks/standard-webhooks, "Signature scheme". The library of that
project signs text only, but a body may be any bytes.
"""

import hmac
from abc import ABC, abstractmethod
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activities.secrets.signature import Concealed, Message, Signature, Signer

MAX_KEYS: Final = 10
"""The largest number of keys that sign side by side."""

_SYMMETRIC: Final = "whsec_"
_ASYMMETRIC: Final = "whsk_"
_SEED_BYTES: Final = 32


class Key(Concealed, ABC):
    """A key that signs."""

    __slots__ = ()

    @abstractmethod
    def sign(self, content: bytes) -> str:
        """The signature over ``content``, with its version."""


class SymmetricKey(Key):
    """A secret that the target also has: HMAC-SHA256, version ``v1``."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        """Raises ``ValueError`` unless ``secret`` has 24 to 64 bytes."""
        if not 24 <= len(secret) <= 64:
            raise ValueError(f"it has {len(secret)} bytes; 24 to 64 are needed")
        self._secret = secret

    def sign(self, content: bytes) -> str:
        """See ``Key``."""
        return f"v1,{b64encode(hmac.digest(self._secret, content, 'sha256')).decode()}"


class AsymmetricKey(Key):
    """A private key; the target has the public key: ed25519, version ``v1a``."""

    __slots__ = ("_private",)

    def __init__(self, secret: bytes) -> None:
        """``secret`` is a seed of 32 bytes, alone or followed by the 32 bytes of the public key.

        Raises ``ValueError`` if the length is wrong, or if the two do not belong together.
        """
        seed, public = secret[:_SEED_BYTES], secret[_SEED_BYTES:]
        if len(secret) not in {_SEED_BYTES, 2 * _SEED_BYTES}:
            raise ValueError(f"it has {len(secret)} bytes; 32 or 64 are needed")
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        if public and public != self._private.public_key().public_bytes_raw():
            raise ValueError("its public half does not belong to its seed")

    def sign(self, content: bytes) -> str:
        """See ``Key``."""
        return f"v1a,{b64encode(self._private.sign(content)).decode()}"


class StandardWebhooks(Signer):
    """The header ``webhook-signature``: one signature for each key, in the order of the keys."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Sequence[Key]) -> None:
        self._keys = tuple(keys)

    def signature(self, message: Message) -> Signature:
        """See ``Signer``. Each key signs ``id.timestamp.body``, the timestamp in seconds."""
        content = f"{message.id}.{message.timestamp}.".encode() + message.body
        value = " ".join(key.sign(content) for key in self._keys)
        return Signature(headers={"webhook-signature": value})


def parse_key(text: object) -> Key:
    """The key in ``text``, which has the form of Standard Webhooks.

    ``whsec_`` and base64 of 24 to 64 bytes is a ``SymmetricKey``. ``whsk_`` and base64 of a seed
    of 32 bytes, alone or with the 32 bytes of its public key, is an ``AsymmetricKey``. The padding
    of base64 does not matter.

    Raises ``ValueError`` with the rule, and without any part of ``text``.
    """
    if not isinstance(text, str):
        raise ValueError("it is not text")  # noqa: TRY004 -- it comes from a file
    if text.startswith(_SYMMETRIC):
        return SymmetricKey(_decoded(text.removeprefix(_SYMMETRIC)))
    if text.startswith(_ASYMMETRIC):
        return AsymmetricKey(_decoded(text.removeprefix(_ASYMMETRIC)))
    raise ValueError(f"it begins with neither {_SYMMETRIC} nor {_ASYMMETRIC}")


def parse_keys(texts: Sequence[object]) -> StandardWebhooks:
    """The 1 to 10 keys that sign side by side, as ``parse_key`` reads each of them.

    Raises ``ValueError`` with the number of the key and the rule, and without any part of a key.
    """
    if not 1 <= len(texts) <= MAX_KEYS:
        raise ValueError(f"it has {len(texts)} keys; 1 to {MAX_KEYS} are needed")
    keys = []
    for number, text in enumerate(texts, start=1):
        try:
            keys.append(parse_key(text))
        except ValueError as error:
            raise ValueError(f"key {number}: {error}") from None
    return StandardWebhooks(keys)


def _decoded(text: str) -> bytes:
    # Versions of Python differ in the padding that they accept, so it gets exactly what it needs.
    digits = text.rstrip("=")
    try:
        return b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except ValueError:
        raise ValueError("what follows its prefix is not base64") from None
