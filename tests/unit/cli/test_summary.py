"""The options of ``summary``, and its link to the Web UI."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.samples import NOW
from tidings import Filter, InvalidInputError, Status, WaitReason
from tidings.cli import moments, web_ui
from tidings.cli.groups import FilterOptions
from tidings.cli.summary import Picture
from tidings.cli.undelivered import STATUSES, By, Undelivered
from tidings.state import Moment

STUCK: Final = Status.AWAITING_INTERVENTION


@pytest.fixture(autouse=True)
def _temporal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of Temporal comes from the environment."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "TEMPORAL_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)


def filter_of(**chosen: Any) -> Filter:
    picture = Picture((By.AUTHORITY,), FilterOptions(**chosen), None, as_json=False)
    return picture.filter(NOW)


@pytest.mark.parametrize(
    ("chosen", "fields"),
    [
        ({}, {"status": STATUSES}),
        ({"status": [Status.SCHEDULED]}, {"status": Status.SCHEDULED}),
        ({"type_": "a.b", "older_than": "2h"}, {"status": STATUSES, "type": "a.b"}),
        ({"cause": "timeout"}, {"status": STUCK, "cause": "timeout"}),
        ({"because": WaitReason.EXPIRED}, {"status": STUCK, "reason": WaitReason.EXPIRED}),
        ({"moment": Moment.STUCK}, {"status": STUCK}),
        ({"moment": Moment.ACCEPTED}, {"status": STATUSES}),
        (
            {"since": "2h", "moment": Moment.STUCK},
            {"status": STUCK, "moment": Moment.STUCK, "since": NOW - timedelta(hours=2)},
        ),
        (
            {"since": "2h", "until": "1h", "older_than": "30m"},
            {
                "status": STATUSES,
                "since": NOW - timedelta(hours=2),
                "until": NOW - timedelta(hours=1),
            },
        ),
    ],
    ids=str,
)
def test_the_options_make_a_filter(chosen: dict[str, Any], fields: dict[str, Any]) -> None:
    """``--older-than`` leaves nothing out."""
    assert filter_of(**chosen) == Filter(**fields)


@pytest.mark.parametrize(
    ("chosen", "problem"),
    [
        ({"status": [Status.DELIVERED]}, "--status is delivered, which is over"),
        ({"status": [STUCK, Status.ABANDONED]}, "--status is abandoned, which is over"),
        ({"moment": Moment.ENDED}, "--moment is ended"),
        ({"older_than": "yesterday"}, "--older-than is 'yesterday'"),
        ({"since": "nonsense"}, "--since is 'nonsense'"),
        ({"status": [Status.SCHEDULED], "cause": "timeout"}, "only awaiting_intervention has a"),
        ({"target": "a b"}, "target"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(chosen: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        filter_of(**chosen)


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        ({}, "there is nothing that is not delivered"),
        ({"older_than": "1h"}, "there is nothing that is not delivered"),
        ({"cause": "timeout"}, "there is nothing that meets the filters that is not delivered"),
        ({"type_": "a.b"}, "there is nothing that meets the filters that is not delivered"),
    ],
    ids=str,
)
def test_nothing_is_said_to_be_nothing_of_the_filters(
    capsys: pytest.CaptureFixture[str], chosen: dict[str, Any], text: str
) -> None:
    """Otherwise a filter that finds nothing looks as if all was well."""
    picture = Picture((By.AUTHORITY,), FilterOptions(**chosen), None, as_json=False)
    picture._print(Undelivered((By.AUTHORITY,), Moment.ACCEPTED, NOW), NOW)
    assert capsys.readouterr().out.strip().endswith(text)


ALL: Final = (
    "ExecutionStatus IN ('Running', 'Failed') AND NotificationStatus IN "
    "('awaiting_intervention', 'rejected', 'delivering', 'scheduled')"
)
ONE: Final = (
    "ExecutionStatus IN ('Running', 'Failed') AND NotificationStatus IN ('awaiting_intervention')"
)


@pytest.mark.parametrize(
    ("fields", "query"),
    [
        ({"status": STATUSES}, ALL),
        ({"status": STUCK}, ONE),
        ({"status": STUCK, "type": "a.b"}, f"{ONE} AND NotificationType = 'a.b'"),
        (
            {"status": STUCK, "cause": "answered"},
            f"{ONE} AND NotificationCause STARTS_WITH 'answered'",
        ),
        (
            {"status": STUCK, "target": "https://a.example.com/x"},
            f"{ONE} AND NotificationTarget = 'a.example.com:443'",
        ),
        (
            {"status": STUCK, "target": "a.example.com"},
            f"{ONE} AND NotificationTarget STARTS_WITH 'a.example.com:'",
        ),
        (
            {"status": STUCK, "id_prefix": "payment-1"},
            f"{ONE} AND WorkflowId STARTS_WITH 'notification:payment-1'",
        ),
    ],
    ids=str,
)
def test_a_link_has_the_filter(fields: dict[str, Any], query: str) -> None:
    link = web_ui.link(Filter(**fields), "https://ui.example.com/temporal/")
    assert link is not None
    parts = urlsplit(link)
    assert link.startswith("https://ui.example.com/temporal/namespaces/default/workflows?query=")
    assert parse_qs(parts.query) == {"query": [query]}
    assert " " not in link


def test_the_link_of_the_default_server_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    filter_ = Filter(status=STUCK)
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "a/b")
    link = web_ui.link(filter_, None)
    assert link is not None
    assert link.startswith("http://127.0.0.1:8233/namespaces/a%2Fb/workflows?query=")


def test_the_web_ui_of_another_server_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example.com:7233")
    assert web_ui.link(Filter(status=STUCK), None) is None


@pytest.mark.parametrize("address", ["", "ui.example.com", "ftp://a", "javascript:alert(1)"])
def test_an_address_has_to_be_a_url(address: str) -> None:
    with pytest.raises(InvalidInputError, match=f"TIDINGS_WEB_UI .* is '.*{address[-3:]}"):
        web_ui.link(Filter(status=STUCK), address)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0s"),
        (0, "0s"),
        (59.9, "59s"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h00m"),
        (3900, "1h05m"),
        (86_399, "23h59m"),
        (86_400, "1d0h"),
        (1_000_000, "11d13h"),
    ],
)
def test_an_age_has_its_two_largest_units(seconds: float, text: str) -> None:
    assert moments.age(timedelta(seconds=seconds)) == text
