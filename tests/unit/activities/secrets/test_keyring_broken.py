"""A keyring that cannot be read: at the start, and at work."""

import errno
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from traceback import TracebackException

import pytest

from activities.secrets.keyring import SETTING, Keyring, UnknownKeyError
from tests.support.keyrings import NEW, OLD, holds, problems, refusal, settle, unknown, write
from tests.support.signing_keys import MARKER, NO_KEYS, key_of
from tidings.errors import InvalidInputError

UNQUOTED = "a text has no closing quote"
NO_TEXT = "a value is neither a text in quotes nor a list of them"
UNCLOSED = "a list has no closing bracket, or no comma between two keys"
TWICE = f'orders = "{OLD}"\norders = "{key_of(24)}"'

BROKEN_TABLES = [
    ("", "it is empty"),
    (f'orders = "{key_of(24)}\n', f"no TOML at line 1, column 49: {UNQUOTED}"),
    (f'orders = "{key_of(24)}', f"no TOML at end of document: {UNQUOTED}"),
    (f"orders = '{key_of(24)}", f"no TOML at end of document: {UNQUOTED}"),
    (f'# new\n\norders = {MARKER}"\n', f"no TOML at line 3, column 10: {NO_TEXT}"),
    (f"orders = {key_of(24)}", f"no TOML at line 1, column 10: {NO_TEXT}"),
    (f"orders = [\n'{key_of(24)}'", f"no TOML at end of document: {UNCLOSED}"),
    (f"orders = ['{OLD}'\n'{key_of(24)}']", f"no TOML at line 2, column 1: {UNCLOSED}"),
    (TWICE, "no TOML at end of document: a name is given twice"),
    (f"{TWICE}\n", "no TOML at line 2, column 50: a name is given twice"),
    (f'orders = "{MARKER}", "{MARKER}"\n', "no TOML at line 1, column 22: a line goes on after"),
    (key_of(24), "no TOML at end of document: a name has no = after it"),
    (f'orders: "{key_of(24)}"', "no TOML at line 1, column 7: a name has no = after it"),
    (f'orders = "{MARKER}\\q"', "no TOML at line 1, column 23"),
    (f'orders = "{MARKER} (at line 7, column 7)\n', "no TOML at line 1, column 43: a text has"),
    (f'orders = {{"{MARKER}" = 1, "{MARKER}" = 2}}', "no TOML at line 1, column 45"),
    (f'[orders]\nx = "{MARKER}"\n[orders]', "no TOML at line 3, column 8"),
    (f"# {MARKER}\norders = {'9' * 5000}", "no TOML"),
    (f"# {MARKER}\norders = {'[' * 50_000}", "no TOML"),
    (f'orders = "{MARKER}\x00"', "no TOML at line 1"),
    (f'orders = "{MARKER}'.encode() + b'\xff"', "it is not UTF-8"),
    (f"# {MARKER}".encode("utf-16"), "it is not UTF-8"),
    (f"# {MARKER * 104_858}", "it is larger than 1024 KiB"),
    ("orders = 3", "'orders': key 1: it is no text"),
    ("orders = true", "'orders': key 1: it is no text"),
    ("orders = 2026-01-01", "'orders': key 1: it is no text"),
    ("orders = []", "'orders': it has 0 keys; 1 to 10 are needed"),
    (f"orders = {[key_of(24)] * 11}", "'orders': it has 11 keys; 1 to 10 are needed"),
    (f'orders = [["{MARKER}"]]', "'orders': key 1: it is no text"),
    (f'orders = ["{OLD}", 3, "{MARKER}"]', "'orders': key 2: it is no text"),
    (f'[[orders]]\nkey = "{key_of(24)}"', "'orders': key 1: it is no text"),
    (f'[orders]\nkey = "{key_of(24)}"', "'orders' is a table; quote a name with a dot"),
    (f'orders.new = "{key_of(24)}"', "'orders' is a table; quote a name with a dot"),
    (f'{key_of(24)}.new = "orders"', "a name of 38 characters is no name"),
    (f'{key_of(24)} = "orders"', "a name of 38 characters is no name"),
    (f'{key_of(24)[6:]} = "orders"', "a name of 32 characters: key 1: it begins with neither"),
    (f'"{key_of(25)[6:]}" = "orders"', "a name of 36 characters is no name"),
    (f'whsk_{MARKER} = "orders"', "a name of 15 characters is no name"),
    (f'"a b" = "{key_of(24)}"', "'a b' is no name"),
    (f'"../orders" = "{key_of(24)}"', "'../orders' is no name"),
    (f'"" = "{key_of(24)}"', "'' is no name"),
]


@pytest.mark.parametrize(("content", "problem"), BROKEN_TABLES, ids=range(len(BROKEN_TABLES)))
def test_a_worker_does_not_start_with_a_broken_table(
    tmp_path: Path, content: str | bytes, problem: str
) -> None:
    path = write(tmp_path / "keyring.toml", content)
    message = refusal(path)
    assert message.startswith(f"{SETTING} ({path}): {problem}")
    assert len(message) < len(str(path)) + 200


@pytest.mark.parametrize(("content", "problem"), BROKEN_TABLES, ids=range(len(BROKEN_TABLES)))
def test_a_table_that_breaks_is_logged_once_and_goes_on_signing(
    table: Path, caplog: pytest.LogCaptureFixture, content: str | bytes, problem: str
) -> None:
    keyring = Keyring(table)
    write(table, content)
    for _ in range(3):
        assert holds(keyring, "orders", OLD)
        assert f"({SETTING} cannot be read: {problem}" in unknown(keyring, "bills")
    assert [told.startswith(problem) for told in problems(caplog)] == [True]
    write(table, f'orders = "{NEW}"')
    assert holds(keyring, "orders", NEW)
    assert "cannot be read" not in unknown(keyring, "bills")
    assert problems(caplog) == []


BROKEN_FILES = [
    ("", "it has 0 keys; 1 to 10 are needed"),
    (f"\n \n# {key_of(24)}\n", "it has 0 keys; 1 to 10 are needed"),
    (f"{key_of(24)}\n" * 11, "it has 11 keys; 1 to 10 are needed"),
    (f"{OLD}\n\n{key_of(24)} # new", "key 2: what follows its prefix is no base64"),
    (f'orders = "{key_of(24)}"', "key 1: it begins with neither whsec_ nor whsk_"),
    (f"{key_of(24)},{key_of(24)}", "key 1: what follows its prefix is no base64"),
    (f"{MARKER}".encode() + b"\xff", "it is not UTF-8"),
    (key_of(24).encode("utf-16"), "it is not UTF-8"),
    (f"# {MARKER * 6554}", "it is larger than 64 KiB"),
    *((text, f"key 1: {why}") for text, why in NO_KEYS if isinstance(text, str) and text.isalnum()),
]


@pytest.mark.parametrize(("content", "problem"), BROKEN_FILES, ids=range(len(BROKEN_FILES)))
def test_a_worker_does_not_start_with_a_broken_file(
    directory: Path, content: str | bytes, problem: str
) -> None:
    write(directory / "bills", content)
    assert refusal(directory) == f"{SETTING} ({directory}): 'bills': {problem}"


@pytest.mark.parametrize(("content", "problem"), BROKEN_FILES, ids=range(len(BROKEN_FILES)))
def test_a_file_that_breaks_is_logged_once_and_goes_on_signing(
    directory: Path, caplog: pytest.LogCaptureFixture, content: str | bytes, problem: str
) -> None:
    write(directory / "bills", OLD)
    keyring = Keyring(directory)
    write(directory / "orders", content)
    write(directory / "bills", NEW)
    for _ in range(3):
        assert holds(keyring, "orders", OLD)
    assert holds(keyring, "bills", NEW)
    assert problems(caplog) == [problem]
    write(directory / "orders", NEW)
    assert holds(keyring, "orders", NEW)


def test_a_new_file_that_is_broken_is_unknown_and_says_why(
    directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keyring = Keyring(directory)
    write(directory / "bills", f"whsec_{MARKER}AA")
    for _ in range(3):
        assert unknown(keyring, "bills") == (
            "the worker's keyring has no key 'bills' (TIDINGS_KEYRING cannot be read: key 1: it "
            "has 9 bytes; 24 to 64 are needed); add it there, and the next attempt takes it up"
        )
    assert problems(caplog) == ["key 1: it has 9 bytes; 24 to 64 are needed"]


@pytest.mark.parametrize("is_settled", [True, False])
def test_every_change_that_is_broken_is_logged(
    table: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_settled: bool,
) -> None:
    if is_settled:
        settle(monkeypatch)
    keyring = Keyring(table)
    for content in ("orders = 3", "orders = 33", "orders = 333"):
        write(table, content)
        for _ in range(3):
            assert holds(keyring, "orders", OLD)
    assert problems(caplog) == ["'orders': key 1: it is no text"] * 3


def test_a_broken_file_that_is_removed_is_unknown(directory: Path) -> None:
    keyring = Keyring(directory)
    write(directory / "orders", "broken")
    assert holds(keyring, "orders", OLD)
    (directory / "orders").unlink()
    assert "no key 'orders' (TIDINGS_KEYRING);" in unknown(keyring, "orders")


def directory_instead(path: Path) -> None:
    path.mkdir()


def pipe_instead(path: Path) -> None:
    os.mkfifo(path)


def circle_instead(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("put", "problem"),
    [
        (directory_instead, "it is no regular file"),
        (pipe_instead, "it is no regular file"),
        (circle_instead, os.strerror(errno.ELOOP)),
    ],
)
def test_what_cannot_be_read_is_a_problem(
    directory: Path,
    table: Path,
    caplog: pytest.LogCaptureFixture,
    put: Callable[[Path], None],
    problem: str,
) -> None:
    by_file, by_table = Keyring(directory), Keyring(table)
    for keyring, path in ((by_file, directory / "orders"), (by_table, table)):
        path.unlink()
        put(path)
        for _ in range(3):
            assert holds(keyring, "orders", OLD)
        assert problems(caplog) == [problem]
    assert refusal(directory) == f"{SETTING} ({directory}): 'orders': {problem}"
    if put is not directory_instead:
        assert refusal(table) == f"{SETTING} ({table}): {problem}"


@pytest.mark.parametrize(
    ("is_table", "content"),
    [
        *((True, content) for content, _ in BROKEN_TABLES),
        *((False, content) for content, _ in BROKEN_FILES),
    ],
    ids=range(len(BROKEN_TABLES + BROKEN_FILES)),
)
def test_no_secret_shows(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, *, is_table: bool, content: str | bytes
) -> None:
    """Neither where the worker does not start, nor where it goes on with what it had."""
    path = tmp_path / "keyring"
    file = path
    if not is_table:
        path.mkdir()
        file = path / "orders"
    write(file, f'orders = "{OLD}"' if is_table else OLD)
    keyring = Keyring(path)
    write(file, content)
    with pytest.raises(UnknownKeyError) as at_work:
        keyring.keys("bills")
    with pytest.raises(InvalidInputError) as at_start:
        Keyring(path)
    errors = [at_work.value, at_start.value]
    assert holds(keyring, "orders", OLD)
    assert caplog.records
    shown = [f"{keyring} {keyring!r} {keyring.keys('orders')} {caplog.text}"]
    shown += [repr(record.__dict__) for record in caplog.records]
    for told in errors:
        trace = TracebackException.from_exception(told, capture_locals=False)
        shown += [str(told), repr(told), "".join(trace.format())]
        assert told.__suppress_context__ or told.__context__ is None
    for secret in (MARKER, MARKER[:6], OLD[6:16]):
        assert not [text for text in shown if secret in text]
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(keyring)
