import errno
import logging
import os
import pickle
import resource
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from traceback import TracebackException

import pytest

from activities.keyring import SETTING, Keyring, UnknownKeyError
from activities.signing import Key, parse_keys, signatures
from tidings.errors import InvalidInputError
from tidings.key_name import KEY_NAME

from .test_signing import HMAC_KEY, MARKER, NO_KEYS, OTHER_HMAC_KEY, PRIVATE_KEY, key_of

OLD, NEW = HMAC_KEY, OTHER_HMAC_KEY
assert len(OLD) == len(NEW)


def signed(keys: tuple[Key, ...]) -> str:
    """Tells keys apart, which do not show themselves."""
    return signatures(keys, id="1", timestamp=datetime.fromtimestamp(0, UTC), body=b"")


def holds(keyring: Keyring, name: str, *texts: str) -> bool:
    return signed(keyring.keys(name)) == signed(parse_keys(texts))


def unknown(keyring: Keyring, name: str) -> str:
    """What is said of a name that has no key."""
    with pytest.raises(UnknownKeyError) as error:
        keyring.keys(name)
    return str(error.value)


def refusal(path: Path) -> str:
    """What the worker says when it does not start with this keyring."""
    with pytest.raises(InvalidInputError) as error:
        Keyring(path)
    return str(error.value)


def problems(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What has been logged as an error since this was last asked."""
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert all(record.message == "keyring.unreadable" for record in errors)
    caplog.clear()
    return [record.__dict__["problem"] for record in errors]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(0o600)
    return path


def replace(path: Path, content: str | bytes) -> Path:
    """Puts another file in its place at once."""
    write(path.with_name(".new"), content).replace(path)
    return path


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets time go by, so that the files of now are old."""
    later = time.time_ns() + 10**10
    monkeypatch.setattr(time, "time_ns", lambda: later)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write(tmp_path / "keyring.toml", f'orders = "{OLD}"\n')


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "keyring").mkdir()
    write(tmp_path / "keyring" / "orders", f"{OLD}\n")
    return tmp_path / "keyring"


class Mount:
    """A secret as Kubernetes mounts it: links to files in a directory that is exchanged."""

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


def test_a_table_holds_a_key_or_several_a_name(tmp_path: Path) -> None:
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


def test_a_directory_holds_a_file_a_name(directory: Path) -> None:
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


def test_an_unknown_name_is_told_with_what_to_do(table: Path, directory: Path) -> None:
    for path in (table, directory):
        assert unknown(Keyring(path), "bills") == (
            "the worker's keyring has no key 'bills' (TIDINGS_KEYRING); "
            "add it there, and the next attempt takes it up"
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
def test_a_name_that_is_none_is_no_path(directory: Path, name: str) -> None:
    write(directory / ".hidden", OLD)
    message = unknown(Keyring(directory), name)
    assert f"is no name: one is {KEY_NAME}" in message
    assert len(message) < 200


def rewrite_in_place(path: Path, content: str) -> None:
    write(path, content)


def rewrite_by_replacing(path: Path, content: str) -> None:
    replace(path, content)


REWRITES = pytest.mark.parametrize("rewrite", [rewrite_in_place, rewrite_by_replacing])


@REWRITES
def test_a_table_is_read_again_when_it_changes(
    table: Path, rewrite: Callable[[Path, str], None]
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
    directory: Path, rewrite: Callable[[Path, str], None]
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


BROKEN_TABLES = [
    ("", "it is empty"),
    (f'orders = "{key_of(24)}\n', "no TOML at line 1, column 49"),
    (f'# new\n\norders = {MARKER}"\n', "no TOML at line 3, column 10"),
    (f"orders = [\n'{key_of(24)}'", "no TOML at end of document"),
    (f"orders = {key_of(24)}", "no TOML at line 1, column 10"),
    (f'orders = "{OLD}"\norders = "{key_of(24)}"\n', "no TOML at line 2, column "),
    (f'orders = {{"{MARKER}" = 1, "{MARKER}" = 2}}', "no TOML at line 1"),
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


@pytest.mark.parametrize("name", ["a b", "orders~", "lost+found", "-a", "城", "a" * 101])
def test_a_worker_does_not_start_with_a_file_that_no_key_can_be_named_after(
    directory: Path, name: str
) -> None:
    write(directory / name, OLD)
    assert "is no name: one is ^[A-Za-z0-9_]" in refusal(directory)


def test_a_name_that_is_a_key_is_not_shown(directory: Path, table: Path) -> None:
    """Somebody has put the key where its name, or its file's name, belongs."""
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


def test_a_broken_file_that_is_removed_is_unknown(directory: Path) -> None:
    keyring = Keyring(directory)
    write(directory / "orders", "broken")
    assert holds(keyring, "orders", OLD)
    (directory / "orders").unlink()
    assert "no key 'orders' (TIDINGS_KEYRING);" in unknown(keyring, "orders")


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


def test_a_worker_does_not_start_with_nothing(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert refusal(missing) == f"{SETTING} ({missing}): No such file or directory"
    too_long = tmp_path / ("a" * 300)
    assert refusal(too_long) == f"{SETTING} ({too_long}): File name too long"


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


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o640, False), (0o604, True)])
def test_a_keyring_that_others_may_read_is_told_once(
    directory: Path, table: Path, caplog: pytest.LogCaptureFixture, mode: int, *, is_told: bool
) -> None:
    write(directory / "bills", NEW).chmod(mode)
    (directory / "orders").chmod(mode)
    table.chmod(mode)
    for path in (directory, table):
        caplog.clear()
        keyring = Keyring(path)
        assert holds(keyring, "orders", OLD)
        told = [(record.message, record.__dict__["path"]) for record in caplog.records]
        assert told == ([("keyring.readable_by_others", str(path))] if is_told else [])


def test_an_unchanged_file_is_not_opened(
    table: Path, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    keyrings = [Keyring(table), Keyring(directory)]
    monkeypatch.setattr(Path, "open", None)
    monkeypatch.setattr(Path, "iterdir", None)
    for keyring in keyrings:
        assert keyring.keys("orders") is keyring.keys("orders")


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
