"""Keys that sign in the tests, new in each run; keyrings of them; and the search for leaks."""

import hmac
import json
import shutil
from abc import ABC, abstractmethod
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from secrets import token_bytes, token_urlsafe
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks import Webhook, WebhookVerificationError

from tests.support.receiver import Received
from tidings import Notification


@dataclass(frozen=True)
class Secret(ABC):
    """A key that only the keyring may hold; its ``repr`` shows its name."""

    name: str
    content: bytes = field(default_factory=lambda: token_bytes(24), repr=False)

    @property
    @abstractmethod
    def text(self) -> str:
        """The key as it is written in a keyring."""

    @abstractmethod
    def verifies(self, request: Received) -> bool:
        """True if a target that has this key, or its public half, accepts the signature."""

    @cached_property
    def pieces(self) -> dict[str, tuple[bytes, bytes]]:
        """The two halves of the key, in each form in which it may be written down.

        A database may split a long value between two pages. Then one of the halves is still whole.
        """
        # Only the digits that the key alone decides: the last may depend on the bytes after it.
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
        for skipped in range(3):  # inside a payload that is base64 itself
            length = (len(digits) - skipped) // 3 * 3
            forms[f"base64 of base64, {skipped}"] = b64encode(digits[skipped : skipped + length])
        return {
            name: (form[: len(form) // 2], form[len(form) // 2 :]) for name, form in forms.items()
        }


class Shared(Secret):
    """A key that the target has as well (HMAC)."""

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
    """A key of which the target has the public half (Ed25519)."""

    @property
    def text(self) -> str:
        public = self._private.public_key().public_bytes_raw()
        return f"whsk_{b64encode(self.content + public).decode()}"

    def verifies(self, request: Received) -> bool:
        signed_header = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}."
        for signature in signatures(request):
            version, _, digits = signature.partition(",")
            try:
                if version == "v1a":
                    self._private.public_key().verify(
                        b64decode(digits), signed_header.encode() + request.body
                    )
                    return True
            except InvalidSignature:
                continue
        return False

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.content)


class Earlier(Secret):
    """A secret that an earlier system has; it is text, and used as it is."""

    @property
    def text(self) -> str:
        return self.content.decode()

    def verifies(self, request: Received) -> bool:
        """True if the header or the query has its signature, in the form of the tables below."""
        query = parse_qs(urlsplit(request.url).query)
        if "sign" in query:
            content, found = f"{query['timestamp'][0]}\n{self.text}".encode(), query["sign"][0]
            digest = hmac.new(self.content, content, "sha256").digest()
            return hmac.compare_digest(b64encode(digest).decode(), found)
        stamp = request.headers.get("x-shop-timestamp", "")
        content = f"v0:{stamp}:".encode() + request.body
        expected = f"v0={hmac.new(self.content, content, 'sha256').hexdigest()}"
        return hmac.compare_digest(expected, request.headers.get("x-shop-signature", ""))


IN_HEADER: Final = {
    "template": "v0:{timestamp}:{body}",
    "header": "X-Shop-Signature",
    "prefix": "v0=",
    "timestamp_header": "X-Shop-Timestamp",
}
"""The form of Slack."""
IN_QUERY: Final = {
    "template": "{timestamp_ms}\n{secret}",
    "encoding": "base64",
    "query": "sign",
    "timestamp_query": "timestamp",
}
"""The form of DingTalk."""

ORDERS: Final = Shared("the key of the orders")
OLD: Final = Shared("the old key")
NEW: Final = Shared("the new key")
REPORTS: Final = Shared("the key of the reports")
GARBLED: Final = Shared("the key in a broken keyring")
MISTAKEN: Final = Shared("the key in the place of a name")
PRIVATE: Final = Private("the private key", token_bytes(32))
EARLIER: Final = Earlier("the secret of an earlier system", token_urlsafe(24).encode())
LATER: Final = Earlier("the next secret of an earlier system", token_urlsafe(24).encode())
SECRETS: Final = (ORDERS, OLD, NEW, REPORTS, GARBLED, MISTAKEN, PRIVATE, EARLIER, LATER)
"""The keys that must not be found anywhere."""


def notification(notification_id: str, target: str, **fields: Any) -> Notification:
    """Returns a notification; without ``signing_key`` in ``fields``, "orders" signs it."""
    defaults = {"type": "test.signed", "target": target, "body": {"n": 1}, "signing_key": "orders"}
    return Notification(id=notification_id, **{**defaults, **fields})


def signatures(request: Received) -> list[str]:
    """Returns the signatures of a request, each with its version in front."""
    return request.headers["webhook-signature"].split(" ")


def leaks(content: bytes, secrets: tuple[Secret, ...] = SECRETS) -> list[str]:
    """Returns the names of the secrets that are in ``content``, with their forms."""
    return [
        f"{secret.name}, as {form}"
        for secret in secrets
        for form, pieces in secret.pieces.items()
        if any(piece in content for piece in pieces)
    ]


def leaks_in(directory: Path, secrets: tuple[Secret, ...] = SECRETS) -> dict[str, list[str]]:
    """Returns the leaks in each file of ``directory``, at any depth, that has leaks."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    found = {f"{path.relative_to(directory)}": leaks(path.read_bytes(), secrets) for path in files}
    return {path: names for path, names in found.items() if names}


class Keyring(ABC):
    """The keyring of a worker, which may read it at any moment."""

    def __init__(self, path: Path, **keys: Secret) -> None:
        self.path = path
        self._keys: dict[str, tuple[Secret, ...]] = {name: (key,) for name, key in keys.items()}
        self._tables: dict[str, dict[str, str]] = {}
        self._write()

    def hold(self, name: str, *secrets: Secret) -> None:
        """From now on, exactly these keys sign under ``name``."""
        self._keys[name] = secrets
        self._write()

    def hold_table(self, name: str, secret: Secret, form: dict[str, str]) -> None:
        """From now on, a table with this secret signs under ``name``."""
        self._tables[name] = {"scheme": "hmac", "secret": secret.text, **form}
        self._write()

    @abstractmethod
    def _write(self) -> None: ...

    @property
    def _table_lines(self) -> dict[str, str]:
        """The lines of each table: a text of JSON is also one of TOML."""
        return {
            name: "".join(f"{field} = {json.dumps(value)}\n" for field, value in fields.items())
            for name, fields in self._tables.items()
        }


class KeyringFile(Keyring):
    """A keyring in one TOML file, which is replaced as a whole; it starts with one key or more."""

    def put(self, content: bytes) -> None:
        """Replaces the file by one with this content."""
        new = self.path.with_name(".new")
        new.touch(mode=0o600)
        new.write_bytes(content)
        new.replace(self.path)

    def _write(self) -> None:
        keys = {name: [each.text for each in secrets] for name, secrets in self._keys.items()}
        lines = [f"{json.dumps(name)} = {json.dumps(texts)}\n" for name, texts in keys.items()]
        lines += [f"[{json.dumps(name)}]\n{table}" for name, table in self._table_lines.items()]
        self.put("".join(lines).encode())


class KeyringDirectory(Keyring):
    """A keyring as Kubernetes mounts it: links to files, behind one link that is replaced."""

    def _write(self) -> None:
        self.path.mkdir(exist_ok=True)
        current = self.path / "..data"
        before = current.resolve() if current.is_symlink() else None
        version = self.path / f"..{token_bytes(8).hex()}"
        version.mkdir()
        texts = {name: [f"{each.text}\n" for each in keys] for name, keys in self._keys.items()}
        keys = {name: "".join(lines) for name, lines in texts.items()}
        for name, lines in (keys | self._table_lines).items():
            (version / name).touch(mode=0o600)
            (version / name).write_text(lines)
            if not (self.path / name).is_symlink():
                (self.path / name).symlink_to(f"..data/{name}")
        new = self.path / "..data_tmp"
        new.symlink_to(version.name)
        new.replace(current)
        if before is not None:
            shutil.rmtree(before)
