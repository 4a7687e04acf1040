"""Keyrings in files, and the messages about them."""

import logging
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.secrets.keyring import Keyring
from activities.secrets.signature import Message, Signature, Signer, UnsignedError
from activities.secrets.standard import parse_keys
from tests.support.signing_keys import HMAC_KEY, OTHER_HMAC_KEY
from tidings.errors import InvalidInputError

OLD, NEW = HMAC_KEY, OTHER_HMAC_KEY
assert len(OLD) == len(NEW)


MESSAGE = Message(
    id="1",
    sent_at=datetime.fromtimestamp(0, UTC),
    method="POST",
    url="https://orders.example.com/notify",
    body=b"",
)


def signed(signer: Signer) -> Signature:
    """A signature of ``signer``: keys cannot be compared, because they do not show themselves."""
    return signer.signature(MESSAGE)


def holds(keyring: Keyring, name: str, *texts: str) -> bool:
    """True if exactly the keys in ``texts`` sign under ``name``."""
    return signed(keyring.signer(name)) == signed(parse_keys(texts))


def unknown(keyring: Keyring, name: str) -> str:
    """The message of the error for a name without a key."""
    with pytest.raises(UnsignedError) as error:
        keyring.signer(name)
    return str(error.value)


def refusal(path: Path) -> str:
    """The message of a worker that does not start with this keyring."""
    with pytest.raises(InvalidInputError) as error:
        Keyring(path)
    return str(error.value)


def problems(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The problems that were logged since the last call."""
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert all(record.message == "keyring.unreadable" for record in errors)
    caplog.clear()
    return [record.__dict__["problem"] for record in errors]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(0o600)
    return path


def replace(path: Path, content: str | bytes) -> Path:
    """Writes another file and renames it over ``path``."""
    return write(path.with_name(".new"), content).replace(path)


class Mount:
    """A secret as Kubernetes mounts it: links to files in a directory that it exchanges."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._number = 0
        path.mkdir()

    def put(self, **contents: str) -> Path:
        self._number += 1
        version = self.path / f"..2026_{self._number}"
        version.mkdir()
        for name, content in contents.items():
            write(version / name, content)
            if not (self.path / name).is_symlink():
                (self.path / name).symlink_to(f"..data/{name}")
        (self.path / "..data_tmp").symlink_to(version.name)
        (self.path / "..data_tmp").replace(self.path / "..data")
        for link in self.path.iterdir():
            if link.name[:2] != ".." and link.name not in contents:
                link.unlink()
        if self._number > 1:
            shutil.rmtree(self.path / f"..2026_{self._number - 1}")
        return self.path
