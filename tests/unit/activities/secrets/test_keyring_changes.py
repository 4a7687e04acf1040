"""A keyring that changes while the worker runs."""

import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from activities.secrets.keyring import Keyring
from activities.secrets.standard import parse_keys
from tests.support.keyrings import (
    NEW,
    OLD,
    Mount,
    holds,
    problems,
    replace,
    signed,
    unknown,
    write,
)
from tests.support.signing_keys import PRIVATE_KEY


@pytest.mark.parametrize(
    ("rewrite", "ending"),
    [
        pytest.param(replace, "\n", id="renamed-over-it"),
        pytest.param(write, "\n\n", id="in-place-with-another-size"),
    ],
)
def test_a_file_is_read_again_as_soon_as_it_changes(
    table: Path, directory: Path, rewrite: Callable[[Path, str], Path], ending: str
) -> None:
    """Two writes in place within one tick of the file system's clock differ in their size only."""
    by_table, by_file = Keyring(table), Keyring(directory)
    rewrite(table, f'orders = "{NEW}"{ending}')
    rewrite(directory / "orders", f"{NEW}{ending}")
    for keyring in (by_table, by_file):
        assert holds(keyring, "orders", NEW)
    rewrite(table, f'orders = ["{OLD}", "{NEW}"]\nbills = "{PRIVATE_KEY}"')
    rewrite(directory / "orders", f"{OLD}\n{NEW}\n")
    rewrite(directory / "bills", PRIVATE_KEY)
    for keyring in (by_table, by_file):
        assert holds(keyring, "orders", OLD, NEW)
        assert holds(keyring, "bills", PRIVATE_KEY)


def test_a_file_is_read_again_if_only_its_time_changes(table: Path) -> None:
    keyring = Keyring(table)
    for second, text in enumerate((NEW, OLD, NEW)):
        write(table, f'orders = "{text}"\n')
        os.utime(table, (second, second))
        assert holds(keyring, "orders", text)


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


def test_a_removed_key_is_unknown_from_then_on(
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
    assert "cannot be read" in unknown(by_file, "orders"), "a removed key came back"
    write(directory / "orders", NEW)
    assert holds(by_file, "orders", NEW)


def test_the_keys_stay_while_a_file_is_away_for_a_moment(
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


def test_the_keys_stay_while_a_link_leads_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = Mount(tmp_path / "secret").put(orders=OLD)
    keyring = Keyring(path)
    (path / "..data").rename(path / "..away")
    assert holds(keyring, "orders", OLD)
    assert holds(keyring, "orders", OLD)
    assert problems(caplog) == ["No such file or directory"]


def test_a_change_that_cannot_be_read_at_once_is_read_later(
    table: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The worker has no file descriptor left at first; the file does not change again."""
    keyring = Keyring(table)
    write(table, f'orders = ["{NEW}"]')
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        signers = [keyring.signer("orders") for _ in range(3)]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert [signed(signer) for signer in signers] == [signed(parse_keys([OLD]))] * 3
    assert problems(caplog) == ["Too many open files"]
    assert holds(keyring, "orders", NEW)


def test_an_unchanged_file_is_not_opened(
    table: Path, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyrings = [Keyring(table), Keyring(directory)]
    monkeypatch.setattr(Path, "open", None)
    monkeypatch.setattr(Path, "iterdir", None)
    for keyring in keyrings:
        assert keyring.signer("orders") is keyring.signer("orders")
