"""Keys that sign in the tests, made up anew for each run: how they are kept, used and verified."""

import json
import shutil
from abc import ABC, abstractmethod
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from secrets import token_bytes
from typing import Any, Final
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks import Webhook, WebhookVerificationError

from tests.support.service import Received
from tidings import Notification


@dataclass(frozen=True)
class Secret(ABC):
    """What nobody but the keyring may have; it shows its name only."""

    name: str
    content: bytes = field(default_factory=lambda: token_bytes(24), repr=False)

    @property
    @abstractmethod
    def text(self) -> str:
        """What stands in a keyring."""

    @abstractmethod
    def verifies(self, request: Received) -> bool:
        """Whether a target that has this key, or its public half, takes a request for ours."""

    @cached_property
    def pieces(self) -> dict[str, tuple[bytes, bytes]]:
        """The two halves of it in each form that it may be written down in.

        A database divides what is long between pages, in one place, so that one half is whole.
        """
        # The digits that its bytes alone decide: what follows depends on padding, or on more bytes.
        digits = b64encode(self.content)[: len(self.content) * 4 // 3]
        forms = {
            "base64": digits,
            "base64 for URLs": digits.translate(bytes.maketrans(b"+/", b"-_")),
            "percent-encoded": quote(digits, safe="").encode(),
            "bytes": self.content,
            "bytes of Python": repr(self.content)[2:-1].encode(),
            "hexadecimal": self.content.hex().encode(),
            "hexadecimal, upper case": self.content.hex().upper().encode(),
        }
        for skipped in range(3):  # in a payload that is base64 as a whole
            length = (len(digits) - skipped) // 3 * 3
            forms[f"base64 of base64, {skipped}"] = b64encode(digits[skipped : skipped + length])
        return {
            name: (form[: len(form) // 2], form[len(form) // 2 :]) for name, form in forms.items()
        }


class Shared(Secret):
    """A key that the target has too."""

    @property
    def text(self) -> str:
        return f"whsec_{b64encode(self.content).decode()}"

    def verifies(self, request: Received) -> bool:
        try:
            Webhook(self.text).verify(request.body, request.headers, json_parse=False)
        except WebhookVerificationError:
            return False
        return True


class Private(Secret):
    """A key of which the target has the public half."""

    @property
    def text(self) -> str:
        public = self._private.public_key().public_bytes_raw()
        return f"whsk_{b64encode(self.content + public).decode()}"

    def verifies(self, request: Received) -> bool:
        of_request = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}."
        for signature in signatures(request):
            version, _, digits = signature.partition(",")
            try:
                if version == "v1a":
                    self._private.public_key().verify(
                        b64decode(digits), of_request.encode() + request.body
                    )
                    return True
            except InvalidSignature:
                continue
        return False

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.content)


ORDERS: Final = Shared("the key of the orders")
OLD: Final = Shared("the old key")
NEW: Final = Shared("the new key")
REPORTS: Final = Shared("the key of the reports")
GARBLED: Final = Shared("the key in a broken keyring")
MISTAKEN: Final = Shared("the key in the place of a name")
PRIVATE: Final = Private("the private key", token_bytes(32))
SECRETS: Final = (ORDERS, OLD, NEW, REPORTS, GARBLED, MISTAKEN, PRIVATE)
"""All that may be found nowhere."""


def notification(notification_id: str, target: str, **fields: Any) -> Notification:
    """One that is signed with the key of the orders unless told."""
    usual = {"type": "test.signed", "target": target, "body": {"n": 1}, "signing_key": "orders"}
    return Notification(id=notification_id, **{**usual, **fields})


def signatures(request: Received) -> list[str]:
    return request.headers["webhook-signature"].split(" ")


def leaks(content: bytes, secrets: tuple[Secret, ...] = SECRETS) -> list[str]:
    """The names of the secrets that are in ``content``, and in which form."""
    return [
        f"{secret.name}, as {form}"
        for secret in secrets
        for form, pieces in secret.pieces.items()
        if any(piece in content for piece in pieces)
    ]


def leaks_in(directory: Path, secrets: tuple[Secret, ...] = SECRETS) -> dict[str, list[str]]:
    """Likewise of each file, at any depth, that has any."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    found = {f"{path.relative_to(directory)}": leaks(path.read_bytes(), secrets) for path in files}
    return {path: names for path, names in found.items() if names}


class Keyring(ABC):
    """The keys of a worker, which it may be using at any moment."""

    def __init__(self, path: Path, **keys: Secret) -> None:
        self.path = path
        self._keys: dict[str, tuple[Secret, ...]] = {name: (key,) for name, key in keys.items()}
        self._write()

    def hold(self, name: str, *secrets: Secret) -> None:
        """These, and no others, sign under this name from now on."""
        self._keys[name] = secrets
        self._write()

    @abstractmethod
    def _write(self) -> None: ...


class KeyringFile(Keyring):
    """One in TOML, which is exchanged as a whole; it begins with one key at least."""

    def put(self, content: bytes) -> None:
        """Puts anything in its place."""
        new = self.path.with_name(".new")
        new.touch(mode=0o600)
        new.write_bytes(content)
        new.replace(self.path)

    def _write(self) -> None:
        self.put(
            "".join(
                f"{json.dumps(name)} = {json.dumps([each.text for each in secrets])}\n"
                for name, secrets in self._keys.items()
            ).encode()
        )


class KeyringDirectory(Keyring):
    """One as Kubernetes mounts it: links into a directory, and a link to that is exchanged."""

    def _write(self) -> None:
        self.path.mkdir(exist_ok=True)
        current = self.path / "..data"
        before = current.resolve() if current.is_symlink() else None
        version = self.path / f"..{token_bytes(8).hex()}"
        version.mkdir()
        for name, secrets in self._keys.items():
            (version / name).touch(mode=0o600)
            (version / name).write_text("".join(f"{each.text}\n" for each in secrets))
            if not (self.path / name).is_symlink():
                (self.path / name).symlink_to(f"..data/{name}")
        new = self.path / "..data_tmp"
        new.symlink_to(version.name)
        new.replace(current)
        if before is not None:
            shutil.rmtree(before)
