"""The title of a notification in the Web UI."""

import pytest

from tests.support.pages import HOSTILE
from tests.support.samples import NOW, notification
from tidings.temporal.start import start_options
from tidings.temporal.title import MAX_BYTES, title

LONG = "x" * 1000
WIDE = "支" * 1000
LONGEST_ID = "i" * 200


@pytest.mark.parametrize(
    ("type_", "id_", "host", "shown"),
    [
        pytest.param(
            "payment.succeeded",
            "1075",
            "shop.example.com",
            "payment.succeeded 1075 → shop.example.com",
            id="usual",
        ),
        pytest.param("a_b.c-d", "x:1-2_3", "h:9999", "a_b.c-d x:1-2_3 → h:9999", id="harmless"),
        pytest.param("a", "_x_", "h", "`a _x_ → h`", id="emphasis"),
        pytest.param("a", "x__y", "h", "`a x__y → h`", id="strong"),
        pytest.param("a", "x--y", "h", "`a x--y → h`", id="dash"),
        pytest.param("a", "1/2", "h", "`a 1/2 → h`", id="fraction"),
        pytest.param("a", "http://h/", "h", "`a http://h/ → h`", id="link"),
        pytest.param("a", "mailto:x", "h", "`a mailto:x → h`", id="mail"),
        pytest.param("-", "1", "h", "`- 1 → h`", id="list"),
        pytest.param("a", "1", "[::1]:80", "`a 1 → [::1]:80`", id="brackets"),
        pytest.param("a\nb", "\tc\r\n# d ", "e\x00\u202e", "`a b c # d → e··`", id="one-line"),
        pytest.param("a", "\ud800", "h", "`a · → h`", id="surrogate"),
        pytest.param("a`b", "``c``", "h", "`a'b ''c'' → h`", id="code"),
        pytest.param("", "", "", "`  → `", id="empty"),
    ],
)
def test_type_id_and_host_stand_on_one_line(type_: str, id_: str, host: str, shown: str) -> None:
    assert title(type_, id_, host) == shown


def test_markup_stays_inside_one_span_of_code() -> None:
    shown = title(HOSTILE, HOSTILE, HOSTILE)
    assert len(shown.splitlines()) == 1
    assert (shown[0], shown[-1], shown.count("`")) == ("`", "`", 2)
    assert "[d](http://evil.example/)" in shown


@pytest.mark.parametrize("type_", ["t", LONG, WIDE], ids=["short", "long", "wide"])
@pytest.mark.parametrize("host", ["h", LONG, WIDE], ids=["short", "long", "wide"])
@pytest.mark.parametrize("id_", ["1", LONGEST_ID, LONG, WIDE], ids=["1", "200", "long", "wide"])
def test_a_title_is_short_in_bytes_and_has_whole_characters(
    type_: str, id_: str, host: str
) -> None:
    shown = title(type_, id_, host)
    assert len(shown.encode()) <= MAX_BYTES
    assert set(shown) <= set(f"`{type_} {id_} → {host}…")
    if id_ in {"1", LONGEST_ID}:
        assert f" {id_} → " in shown


@pytest.mark.parametrize(
    ("type_", "host", "is_cut"),
    [
        pytest.param(LONG, "h", (True, False), id="type"),
        pytest.param("t", LONG, (False, True), id="host"),
        pytest.param("t" * 100, "h" * 50, (False, False), id="neither"),
        pytest.param(LONG, LONG, (True, True), id="both"),
    ],
)
def test_only_what_is_too_long_is_cut(type_: str, host: str, is_cut: tuple[bool, bool]) -> None:
    shown_type, id_, _, shown_host = title(type_, LONGEST_ID, host).strip("`").split()
    assert id_ == LONGEST_ID
    assert (shown_type.endswith("…"), shown_host.endswith("…")) == is_cut
    assert len(shown_type) > 50 or not is_cut[0]
    assert len(shown_host) > 50 or not is_cut[1]


def test_an_id_that_fills_the_title_leaves_nothing_of_the_rest() -> None:
    assert title("t", LONG, "h") == f"` {'x' * (MAX_BYTES - 11)}… → `"


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("https://shop.example.com/a", "shop.example.com"),
        ("https://shop.example.com:443/a", "shop.example.com"),
        ("https://shop.example.com:80/a", "shop.example.com:80"),
        ("http://shop.example.com/a", "shop.example.com"),
        ("http://shop.example.com:443/a", "shop.example.com:443"),
        ("http://[::1]:9999/", "[::1]:9999"),
        ("https://[2001:db8::80]/", "[2001:db8::80]"),
    ],
)
def test_the_start_of_a_notification_has_its_title(target: str, host: str) -> None:
    options = start_options(notification(target=target), NOW)
    assert options["static_summary"].strip("`") == f"payment.succeeded payment-1 → {host}"
