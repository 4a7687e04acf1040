"""A keyring with tables, each of which describes the scheme of an earlier system."""

import pickle
from pathlib import Path
from traceback import TracebackException
from typing import Final

import pytest

from activities.secrets.keyring import SETTING, Keyring
from activities.secrets.signature import Signature
from tests.support.keyrings import (
    NEW,
    OLD,
    Mount,
    holds,
    problems,
    refusal,
    replace,
    signed,
    unknown,
    write,
)
from tests.support.signing_keys import MARKER, hmac_signature
from tidings.errors import InvalidInputError

LINES: Final = f"""
# of the shop
secret = "{MARKER}"
scheme = "hmac"
header = 'X-Sign'
"""
INLINE: Final = f'legacy = {{ scheme = "hmac", secret = "{MARKER}", header = "X-Sign" }}'
BROKEN: Final = {
    "not TOML": (f'scheme = "hmac"\nsecret = "{MARKER}', "it is not valid TOML"),
    "broken line": (f"scheme = hmac\nsecret = {MARKER}\n", "line 1 is not valid TOML"),
    "field twice": (
        f'scheme = "hmac"\nsecret = "{MARKER}"\nsecret = "a"\n',
        "line 3 is not valid TOML",
    ),
    "no place": (
        f'scheme = "hmac"\nsecret = "{MARKER}"\n',
        "header or query: neither is there; give exactly one of them",
    ),
    "another scheme": (f'scheme = "{MARKER}"\n', "scheme: a text of 10 characters is not hmac"),
    "table in a table": (
        f'scheme = "hmac"\n[orders]\nsecret = "{MARKER}"\n',
        "field 2 is not known; known are scheme, secret",
    ),
}
CASES = pytest.mark.parametrize(("content", "problem"), BROKEN.values(), ids=BROKEN.keys())


def by(secret: str) -> Signature:
    """The signature that a table with ``secret`` makes."""
    return Signature(headers={"X-Sign": hmac_signature(secret)})


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"[legacy]{LINES}", id="table"),
        pytest.param(INLINE, id="inline"),
        pytest.param(
            f"legacy.scheme = 'hmac'\nlegacy.secret = '{MARKER}'\nlegacy.header = 'X-Sign'",
            id="dotted",
        ),
    ],
)
def test_a_table_stands_beside_keys(tmp_path: Path, content: str) -> None:
    path = write(tmp_path / "keyring.toml", f'orders = ["{OLD}"]\n{content}')
    keyring = Keyring(path)
    assert holds(keyring, "orders", OLD)
    assert signed(keyring.signer("legacy")) == by(MARKER)


def test_a_name_with_a_dot_is_quoted(tmp_path: Path) -> None:
    path = write(tmp_path / "keyring.toml", f'["shop.eu"]{LINES}')
    assert signed(Keyring(path).signer("shop.eu")) == by(MARKER)
    write(path, f"[shop.eu]{LINES}")
    assert "'shop' is a table without scheme; write" in refusal(path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(LINES, id="any order"),
        pytest.param(
            f"\ufeff \tscheme\t= 'hmac'\r\nsecret='{MARKER}'\r\nheader='X-Sign'", id="crlf"
        ),
    ],
)
def test_a_file_of_a_directory_has_the_lines_of_a_table(directory: Path, content: str) -> None:
    write(directory / "legacy", content)
    keyring = Keyring(directory)
    assert holds(keyring, "orders", OLD)
    assert signed(keyring.signer("legacy")) == by(MARKER)


def test_a_mounted_table_is_read_again_when_it_is_exchanged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A table may also take the place of keys, and keys the place of a table."""
    mount = Mount(tmp_path / "secret")
    keyring = Keyring(mount.put(orders=OLD, legacy=LINES))
    mount.put(orders=LINES, legacy=LINES.replace(MARKER, "new"))
    assert signed(keyring.signer("orders")) == by(MARKER)
    assert signed(keyring.signer("legacy")) == by("new")
    mount.put(orders=NEW, legacy=OLD)
    assert holds(keyring, "orders", NEW)
    assert holds(keyring, "legacy", OLD)
    assert problems(caplog) == []


@CASES
def test_a_broken_file_with_a_table_keeps_the_old_one(
    directory: Path, caplog: pytest.LogCaptureFixture, content: str, problem: str
) -> None:
    write(directory / "legacy", LINES)
    keyring = Keyring(directory)
    replace(directory / "legacy", content)
    for _ in range(3):
        assert signed(keyring.signer("legacy")) == by(MARKER)
    logged = repr([record.__dict__ for record in caplog.records])
    (logged_problem,) = problems(caplog)
    assert logged_problem.startswith(problem)
    assert MARKER not in logged
    message = refusal(directory)
    assert message.startswith(f"{SETTING} ({directory}): 'legacy': {problem}")
    assert MARKER not in message


def test_a_broken_table_keeps_every_old_entry(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path / "keyring.toml", f'{INLINE}\norders = "{OLD}"')
    keyring = Keyring(path)
    replace(path, INLINE.replace('"X-Sign"', f'"{MARKER} 1"'))
    for _ in range(3):
        assert signed(keyring.signer("legacy")) == by(MARKER)
        assert holds(keyring, "orders", OLD)
        assert f"({SETTING} cannot be read: 'legacy': header: it is" in unknown(keyring, "bills")
    logged = repr([record.__dict__ for record in caplog.records])
    (problem,) = problems(caplog)
    assert problem.startswith("'legacy': header: it is not a header name: ")
    with pytest.raises(InvalidInputError, match="'legacy': header: it is not a header") as error:
        Keyring(path)
    trace = "".join(TracebackException.from_exception(error.value).format())
    assert MARKER not in f"{logged} {error.value!r} {trace} {keyring!r} {keyring.signer('legacy')}"
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(keyring)
    replace(path, INLINE.replace(MARKER, "new"))
    assert signed(keyring.signer("legacy")) == by("new")
