"""The keys of a keyring, by name."""

from pathlib import Path

import pytest

from activities.secrets.keyring import SETTING, Keyring
from tests.support.keyrings import NEW, OLD, Mount, holds, refusal, unknown, write
from tests.support.signing_keys import MARKER, PRIVATE_KEY, key_of
from tidings.fields.key_name import KEY_NAME


def test_a_table_has_one_key_or_several_for_a_name(tmp_path: Path) -> None:
    path = write(
        tmp_path / "keyring.toml",
        f"""\ufeff# ours
        orders = "{OLD}"
        bills_2 = ["{NEW}",\r\n"{OLD}", "{PRIVATE_KEY}",]
        "a.b-C" = ['{PRIVATE_KEY}']
        """,
    )
    keyring = Keyring(path)
    assert holds(keyring, "orders", OLD)
    assert holds(keyring, "bills_2", NEW, OLD, PRIVATE_KEY)
    assert holds(keyring, "a.b-C", PRIVATE_KEY)


def test_a_directory_has_one_file_for_a_name(directory: Path) -> None:
    write(directory / "a.b-C", f"\ufeff# new\r\n \t{NEW} \r\n\r\n  # old\r\n{OLD}")
    write(directory / ".hidden", "no key")
    (directory / "..data").mkdir()
    keyring = Keyring(directory)
    assert holds(keyring, "orders", OLD)
    assert holds(keyring, "a.b-C", NEW, OLD)


def test_a_mounted_secret_is_a_directory(tmp_path: Path) -> None:
    path = Mount(tmp_path / "secret").put(orders=OLD, bills=f"{NEW}\n{OLD}\n")
    assert holds(Keyring(path), "orders", OLD)
    assert holds(Keyring(path), "bills", NEW, OLD)


def test_the_message_for_an_unknown_name_has_advice(table: Path, directory: Path) -> None:
    for path in (table, directory):
        assert unknown(Keyring(path), "bills") == (
            "the worker's keyring has no key 'bills' (TIDINGS_KEYRING); "
            "add it there, and the next attempt uses it"
        )


def test_without_a_keyring_every_name_is_unknown() -> None:
    assert unknown(Keyring(None), "orders") == "this worker has no keyring; set TIDINGS_KEYRING"


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../orders", "./orders", "orders/", "/etc/passwd", ".hidden"),
        *("-a", "a b", "a\n", "a\x00", "a\\b", "城", "~", "*", "a" * 101),
    ],
)
def test_a_malformed_name_does_not_become_a_path(directory: Path, name: str) -> None:
    write(directory / ".hidden", OLD)
    message = unknown(Keyring(directory), name)
    assert f"is not the name of a key: a name matches {KEY_NAME} and is not" in message
    assert len(message) < 200


@pytest.mark.parametrize("name", ["a b", "orders~", "lost+found", "-a", "城", "a" * 101])
def test_a_worker_does_not_start_with_a_malformed_file_name(directory: Path, name: str) -> None:
    write(directory / name, OLD)
    assert "is not the name of a key: a name matches ^[A-Za-z0-9_]" in refusal(directory)


def test_a_name_that_is_a_key_is_not_shown(directory: Path, table: Path) -> None:
    """Somebody has swapped the key and its name, or its file's name."""
    keyring = Keyring(table)
    (directory / f"whsec_{MARKER}").touch()
    messages = [
        refusal(directory),
        refusal(directory / f"whsec_{MARKER}" / "orders"),
        refusal(Path(key_of(24))),
        unknown(keyring, key_of(24)),
        unknown(keyring, f"whsk_{MARKER}"),
    ]
    assert not any(MARKER in message for message in messages), messages


def test_a_worker_does_not_start_without_its_file(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert refusal(missing) == f"{SETTING} ({missing}): No such file or directory"
    too_long = tmp_path / ("a" * 300)
    assert refusal(too_long) == f"{SETTING} ({too_long}): File name too long"


@pytest.mark.parametrize(
    ("mode", "is_logged"),
    [
        pytest.param(0o600, False, id="owner"),
        pytest.param(0o640, False, id="group"),
        pytest.param(0o604, True, id="others"),
    ],
)
def test_a_keyring_that_others_may_read_is_logged_once(
    directory: Path, table: Path, caplog: pytest.LogCaptureFixture, mode: int, *, is_logged: bool
) -> None:
    write(directory / "bills", NEW).chmod(mode)
    (directory / "orders").chmod(mode)
    table.chmod(mode)
    for path in (directory, table):
        caplog.clear()
        keyring = Keyring(path)
        assert holds(keyring, "orders", OLD)
        logged = [(record.message, record.__dict__["path"]) for record in caplog.records]
        assert logged == ([("keyring.readable_by_others", str(path))] if is_logged else [])
