"""A keyring that changes while the worker runs."""

import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from activities.secrets.keyring import Keyring
from activities.secrets.signing import parse_keys
from tests.support.keyrings import (
    NEW,
    OLD,
    Mount,
    holds,
    problems,
    replace,
    settle,
    signed,
    unknown,
    write,
)
from tests.support.signing_keys import PRIVATE_KEY

REWRITES = pytest.mark.parametrize("rewrite", [write, replace])


@REWRITES
def test_a_table_is_read_again_when_it_changes(
    table: Path, rewrite: Callable[[Path, str], Path]
) -> None:
    """Of the same size or of another, and however soon after it was read."""
    keyring = Keyring(table)
    rewrite(table, f'orders = "{NEW}"\n')
    assert holds(keyring, "orders", NEW)
    rewrite(table, f'orders = ["{OLD}", "{NEW}"]\nbills = "{PRIVATE_KEY}"')
    assert holds(keyring, "orders", OLD, NEW)
    assert holds(keyring, "bills", PRIVATE_KEY)
    rewrite(table, f'orders = "{OLD}"\n')
    assert holds(keyring, "orders", OLD)


@REWRITES
def test_a_file_is_read_again_when_it_changes(
    directory: Path, rewrite: Callable[[Path, str], Path]
) -> None:
    keyring = Keyring(directory)
    rewrite(directory / "orders", f"{NEW}\n")
    assert holds(keyring, "orders", NEW)
    rewrite(directory / "orders", f"{OLD}\n{NEW}\n")
    assert holds(keyring, "orders", OLD, NEW)
    rewrite(directory / "bills", PRIVATE_KEY)
    assert holds(keyring, "bills", PRIVATE_KEY)


def test_a_file_that_has_settled_is_read_again_when_its_time_changes(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    keyring = Keyring(table)
    for second, text in enumerate((NEW, OLD, NEW)):
        write(table, f'orders = "{text}"\n')
        os.utime(table, (second, second))
        assert holds(keyring, "orders", text)


def test_a_change_that_leaves_every_stamp_is_found_while_it_is_fresh(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system whose clock is coarse gives two writes the same times."""
    stamp = table.stat()
    monkeypatch.setattr(Path, "stat", lambda _path: stamp)
    monkeypatch.setattr(Path, "is_dir", lambda _path: False)
    keyring = Keyring(table)
    table.write_text(f'orders = "{NEW}"\n')
    assert holds(keyring, "orders", NEW)
    settle(monkeypatch)
    assert holds(keyring, "orders", NEW)
    table.write_text(f'orders = "{OLD}"\n')
    assert holds(keyring, "orders", NEW), "it was opened though it had not changed"


def test_a_mounted_secret_is_read_again_when_it_is_exchanged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mount = Mount(tmp_path / "secret")
    keyring = Keyring(mount.put(orders=OLD, bills=OLD))
    mount.put(orders=NEW, bills=OLD)
    assert holds(keyring, "orders", NEW)
    assert holds(keyring, "bills", OLD)
    mount.put(orders=f"{OLD}\n{NEW}", fresh=NEW)
    assert holds(keyring, "orders", OLD, NEW)
    assert holds(keyring, "fresh", NEW)
    assert "no key 'bills'" in unknown(keyring, "bills")
    assert problems(caplog) == []


def test_what_is_removed_is_unknown_from_then_on(
    table: Path, directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(directory / "bills", NEW)
    write(table, f'orders = "{OLD}"\nbills = "{NEW}"')
    by_table, by_file = Keyring(table), Keyring(directory)
    write(table, f'bills = "{NEW}"')
    (directory / "orders").unlink()
    for keyring in (by_table, by_file):
        assert "no key 'orders' (TIDINGS_KEYRING);" in unknown(keyring, "orders")
        assert "no key 'orders' (TIDINGS_KEYRING);" in unknown(keyring, "orders")
        assert holds(keyring, "bills", NEW)
    write(table, "# none")
    (directory / "bills").unlink()
    for keyring in (by_table, by_file):
        assert "no key 'bills' (TIDINGS_KEYRING);" in unknown(keyring, "bills")
    assert problems(caplog) == []
    write(directory / "orders", "broken")
    assert "cannot be read" in unknown(by_file, "orders"), "a key that was removed came back"
    write(directory / "orders", NEW)
    assert holds(by_file, "orders", NEW)


def test_what_vanishes_while_it_is_exchanged_goes_on_signing(
    table: Path, directory: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for path in (table, directory):
        keyring = Keyring(path)
        for _ in range(2):
            path.rename(tmp_path / "away")
            for _ in range(3):
                assert holds(keyring, "orders", OLD)
            assert "(TIDINGS_KEYRING cannot be read: No such file" in unknown(keyring, "bills")
            assert set(problems(caplog)) == {"No such file or directory"}
            (tmp_path / "away").rename(path)
            assert holds(keyring, "orders", OLD)
            assert "no key 'bills' (TIDINGS_KEYRING);" in unknown(keyring, "bills")


def test_links_into_nothing_are_no_removal(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = Mount(tmp_path / "secret").put(orders=OLD)
    keyring = Keyring(path)
    (path / "..data").rename(path / "..away")
    assert holds(keyring, "orders", OLD)
    assert holds(keyring, "orders", OLD)
    assert problems(caplog) == ["No such file or directory"]


def test_a_want_of_descriptors_does_not_hide_a_change(
    table: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The change is there before it can be read, and does not come again."""
    settle(monkeypatch)
    keyring = Keyring(table)
    write(table, f'orders = ["{NEW}"]')
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        keys = [keyring.keys("orders") for _ in range(3)]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert {signed(held) for held in keys} == {signed(parse_keys([OLD]))}
    assert problems(caplog) == ["Too many open files"]
    assert holds(keyring, "orders", NEW)


def test_an_unchanged_file_is_not_opened(
    table: Path, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    keyrings = [Keyring(table), Keyring(directory)]
    monkeypatch.setattr(Path, "open", None)
    monkeypatch.setattr(Path, "iterdir", None)
    for keyring in keyrings:
        assert keyring.keys("orders") is keyring.keys("orders")
