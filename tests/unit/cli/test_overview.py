"""What a person sees before an action on many notifications."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from tests.support.samples import NOW
from tidings import Abandon, Filter, NotificationSummary, Resend, Status, WaitReason
from tidings.cli.bulk_action import SAMPLE, BulkAction, Overview
from tidings.intervention import Action

STUCK = Status.AWAITING_INTERVENTION
OVER = "it has expired; give a later expires_at, or set even_if_expired"


def listed(**fields: Any) -> NotificationSummary:
    known = {
        "id": "payment-1",
        "type": "payment.succeeded",
        "target": "https://orders.example.com/old",
        "authority": "orders.example.com:443",
        "status": STUCK,
        "reason": WaitReason.EXHAUSTED,
        "cause": "timeout",
        "accepted_at": NOW,
    }
    return NotificationSummary.model_validate({**known, **fields})


def overview(found: Iterable[NotificationSummary], action: Action) -> Overview:
    made = Overview()
    for each in found:
        made.add(each, action, NOW)
    return made


def test_all_are_counted_and_the_first_are_shown() -> None:
    made = overview([listed(id=f"payment-{number}") for number in range(7)], Resend())
    assert made.count == 7
    assert [each.id for each in made.sample] == [f"payment-{number}" for number in range(SAMPLE)]


def test_they_are_counted_by_url_and_by_cause_in_words() -> None:
    other = {"target": "https://orders.example.com/other", "cause": "refused:404"}
    made = overview([listed(), listed(), listed(**other)], Resend())
    assert made.targets == {
        "https://orders.example.com/old": 2,
        "https://orders.example.com/other": 1,
    }
    assert made.causes == {"timed out": 2, "refused with 404": 1}
    delivering = listed(status=Status.DELIVERING, reason=None, cause=None, target=None)
    made = overview([delivering], Resend())
    assert (made.targets, made.causes) == ({"orders.example.com:443": 1}, {})


def test_refusals_are_counted_by_their_reason() -> None:
    late = {"expires_at": NOW - timedelta(seconds=1)}
    found = [listed(), listed(**late), listed(reason=WaitReason.EXPIRED)]
    assert overview(found, Resend()).refusals == {OVER: 2}
    assert overview(found, Abandon()).refusals == {}


def test_the_old_and_the_new_address_of_each_sample_are_shown(capsys: Any) -> None:
    resend = Resend(target="https://orders.example.com/new[/red]")
    action = BulkAction(resend, Filter(status=STUCK), 20, yes=False, as_json=False)
    action._print(overview([listed(type="a\x1b[2J"), listed(expires_at=NOW)], resend))
    shown = capsys.readouterr()
    header, first, *_ = shown.out.splitlines()
    assert header.split() == [
        *("id", "type", "target", "new", "target", "status", "accepted", "why"),
    ]
    assert "https://orders.example.com/old" in first
    assert "https://orders.example.com/new[/red]" in first
    assert "a·[2J" in first
    assert "by target: https://orders.example.com/old 2" in shown.out
    assert "by cause: timed out 2" in shown.out
    assert "2 notifications: awaiting_intervention" in shown.out
    assert "warning: 1 of them will refuse: it has expired; give a later --expires-at" in shown.err
