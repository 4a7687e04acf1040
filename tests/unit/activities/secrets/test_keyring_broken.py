"""A keyring that cannot be read, at the start and at work."""

import errno
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from traceback import TracebackException
from typing import Final

import pytest

from activities.secrets.keyring import SETTING, Keyring
from activities.secrets.signature import UnsignedError
from tests.support.broken_keyrings import BROKEN_FILES, BROKEN_TABLES, NOT_TEXT
from tests.support.keyrings import NEW, OLD, holds, problems, refusal, replace, unknown, write
from tests.support.signing_keys import MARKER
from tidings.errors import InvalidInputError

TABLES = pytest.mark.parametrize(
    ("content", "problem"), BROKEN_TABLES.values(), ids=BROKEN_TABLES.keys()
)
FILES = pytest.mark.parametrize(
    ("content", "problem"), BROKEN_FILES.values(), ids=BROKEN_FILES.keys()
)


@TABLES
def test_a_worker_does_not_start_with_a_broken_table(
    tmp_path: Path, content: str | bytes, problem: str
) -> None:
    path = write(tmp_path / "keyring.toml", content)
    message = refusal(path)
    assert message.startswith(f"{SETTING} ({path}): {problem}")
    assert len(message) < len(str(path)) + 200


@TABLES
def test_a_broken_table_is_logged_once_and_its_keys_stay(
    table: Path, caplog: pytest.LogCaptureFixture, content: str | bytes, problem: str
) -> None:
    keyring = Keyring(table)
    replace(table, content)
    for _ in range(3):
        assert holds(keyring, "orders", OLD)
        assert f"({SETTING} cannot be read: {problem}" in unknown(keyring, "bills")
    assert [logged.startswith(problem) for logged in problems(caplog)] == [True]
    replace(table, f'orders = "{NEW}"')
    assert holds(keyring, "orders", NEW)
    assert "cannot be read" not in unknown(keyring, "bills")
    assert problems(caplog) == []


@FILES
def test_a_worker_does_not_start_with_a_broken_file(
    directory: Path, content: str | bytes, problem: str
) -> None:
    write(directory / "bills", content)
    assert refusal(directory) == f"{SETTING} ({directory}): 'bills': {problem}"


@FILES
def test_a_broken_file_is_logged_once_and_its_keys_stay(
    directory: Path, caplog: pytest.LogCaptureFixture, content: str | bytes, problem: str
) -> None:
    write(directory / "bills", OLD)
    keyring = Keyring(directory)
    replace(directory / "orders", content)
    replace(directory / "bills", NEW)
    for _ in range(3):
        assert holds(keyring, "orders", OLD)
    assert holds(keyring, "bills", NEW)
    assert problems(caplog) == [problem]
    replace(directory / "orders", NEW)
    assert holds(keyring, "orders", NEW)


def test_a_new_file_that_is_broken_has_no_keys_and_says_why(
    directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keyring = Keyring(directory)
    write(directory / "bills", f"whsec_{MARKER}AA")
    for _ in range(3):
        assert unknown(keyring, "bills") == (
            "the worker's keyring has no key 'bills' (TIDINGS_KEYRING cannot be read: key 1: it "
            "has 9 bytes; 24 to 64 are needed); add it there, and the next attempt uses it"
        )
    assert problems(caplog) == ["key 1: it has 9 bytes; 24 to 64 are needed"]


def test_every_broken_change_is_logged(table: Path, caplog: pytest.LogCaptureFixture) -> None:
    keyring = Keyring(table)
    for content in ("orders = 3", "orders = 33", "orders = 333"):
        replace(table, content)
        for _ in range(3):
            assert holds(keyring, "orders", OLD)
    assert problems(caplog) == [NOT_TEXT] * 3


def test_a_broken_file_that_is_removed_has_no_keys(directory: Path) -> None:
    keyring = Keyring(directory)
    replace(directory / "orders", "broken")
    assert holds(keyring, "orders", OLD)
    (directory / "orders").unlink()
    assert "no key 'orders' (TIDINGS_KEYRING);" in unknown(keyring, "orders")


def put_directory(path: Path) -> None:
    path.mkdir()


def put_pipe(path: Path) -> None:
    os.mkfifo(path)


def put_circle_of_links(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("put", "problem"),
    [
        pytest.param(put_directory, "it is not a regular file", id="directory"),
        pytest.param(put_pipe, "it is not a regular file", id="pipe"),
        pytest.param(put_circle_of_links, os.strerror(errno.ELOOP), id="circle-of-links"),
    ],
)
def test_a_path_that_is_not_a_file_is_a_problem(
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
    if put is not put_directory:
        assert refusal(table) == f"{SETTING} ({table}): {problem}"


ALL_BROKEN: Final = {
    **{f"table: {name}": (True, content) for name, (content, _) in BROKEN_TABLES.items()},
    **{f"file: {name}": (False, content) for name, (content, _) in BROKEN_FILES.items()},
}


@pytest.mark.parametrize(("is_table", "content"), ALL_BROKEN.values(), ids=ALL_BROKEN.keys())
def test_no_secret_is_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, *, is_table: bool, content: str | bytes
) -> None:
    """Neither by a worker that does not start, nor by one that keeps its keys from before."""
    path = tmp_path / "keyring"
    file = path
    if not is_table:
        path.mkdir()
        file = path / "orders"
    write(file, f'orders = "{OLD}"' if is_table else OLD)
    keyring = Keyring(path)
    replace(file, content)
    with pytest.raises(UnsignedError) as at_work:
        keyring.signer("bills")
    with pytest.raises(InvalidInputError) as at_start:
        Keyring(path)
    errors = [at_work.value, at_start.value]
    assert holds(keyring, "orders", OLD)
    assert caplog.records
    shown = [f"{keyring} {keyring!r} {keyring.signer('orders')} {caplog.text}"]
    shown += [repr(record.__dict__) for record in caplog.records]
    for error in errors:
        trace = TracebackException.from_exception(error, capture_locals=False)
        shown += [str(error), repr(error), "".join(trace.format())]
        assert error.__suppress_context__ or error.__context__ is None
    for secret in (MARKER, MARKER[:6], OLD[6:16]):
        assert not [text for text in shown if secret in text]
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(keyring)
