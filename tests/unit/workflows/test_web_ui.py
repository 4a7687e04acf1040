"""The page of a notification in the Web UI."""

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.samples import NOW, attempt, notification, state
from tidings.intervention import Abandon, Correct, Resend, check
from tidings.notification import Notification
from tidings.state import (
    Change,
    Intervention,
    NotificationState,
    RefusedIntervention,
    Report,
    Status,
)
from workflows.web_ui import MAX_ROWS, page

HOSTILE = "<script>alert(1)</script> | **b** `c` [d](http://evil.example/) _e_ ~~f~~ $g$ &lt; \\\n"


def stuck(**fields: Any) -> NotificationState:
    defaults = {
        "status": "awaiting_intervention",
        "reason": "exhausted",
        "intervention_deadline": NOW + timedelta(days=30),
        "attempts": [attempt(1), attempt(2)],
        "round": 1,
    }
    return state(**{**defaults, **fields})


def examples(text: str) -> list[dict[str, Any]]:
    """The JSON of each block of code: what the page says to send."""
    blocks = re.findall(r"(?:^    .*\n?)+", text, re.MULTILINE)
    return [json.loads(block) for block in blocks]


def rows(text: str) -> Sequence[str]:
    return [line for line in text.splitlines() if line.startswith("| ")]


def test_a_stuck_one_shows_reason_deadline_and_attempts() -> None:
    text = page(stuck(explanation="all 2 attempts failed"))
    assert text.startswith("**awaiting_intervention**: exhausted\n\nall 2 attempts failed\n\n- to ")
    assert "- abandoned if nobody acts by 2026‑01‑31 00:00:00 UTC" in text  # noqa: RUF001 -- no line break
    assert "**2 attempts in 1 round**" in text
    assert len(rows(text)) == 1 + 2


@pytest.mark.parametrize("reason", ["exhausted", "refused", "expired"])
def test_every_example_is_accepted_as_it_stands(reason: str) -> None:
    sent = notification(expires_at=NOW) if reason == "expired" else notification()
    current = stuck(reason=reason)
    resend, correct, abandon = examples(page(current))
    assert check(Resend.model_validate(resend), sent, current, NOW).target == sent.target
    assert check(Correct.model_validate(correct), sent, current, NOW).target == sent.target
    assert check(Abandon.model_validate(abandon), sent, current, NOW) == sent
    assert correct["target"] == sent.target


def test_one_that_expires_shows_what_a_resend_needs_then() -> None:
    text = page(stuck(reason="exhausted", expires_at=NOW))
    assert "expires at" in text
    assert "`even_if_expired` or a later `expires_at`" in text
    assert "even_if_expired" not in page(stuck(reason="exhausted"))


def test_one_whose_expiry_was_corrected_needs_nothing_more() -> None:
    correction = Intervention(
        action="correct", at=NOW, changes=(Change(field="expires_at", before="1", after="2"),)
    )
    late = stuck(reason="expired", awaiting_since=NOW)
    assert "It has expired" in page(late)
    assert examples(page(late))[0]["even_if_expired"] is True
    corrected = late.model_copy(update={"interventions": (correction,)})
    assert "It has expired" not in page(corrected)
    assert "even_if_expired" not in examples(page(corrected))[0]


def test_an_example_keeps_every_character_of_the_target() -> None:
    target = "https://orders.example.com/a_b*c*`d`|<e>[f](g)?h=&amp;\"'\\~$"
    assert Notification(id="x", type="x", target=target).target == target
    assert examples(page(stuck(target=target)))[1]["target"] == target


@pytest.mark.parametrize(
    ("status", "effect"),
    [
        pytest.param(Status.SCHEDULED, "the notification keeps its time", id="scheduled"),
        pytest.param(Status.DELIVERING, "the next attempt comes at its time", id="delivering"),
        pytest.param(Status.AWAITING_INTERVENTION, "waits for a resend", id="stuck"),
    ],
)
def test_every_open_one_has_examples_to_send(status: Status, effect: str) -> None:
    text = page(state(status=status))
    assert text.startswith(f"**{status}**\n\n- to ")
    assert effect in text
    assert ("`not_before`" in text) is (status is Status.SCHEDULED)
    assert [sorted(each) for each in examples(text)] == [
        ["operator", "reason"],
        ["operator", "reason", "target"],
        ["operator", "reason"],
    ]
    assert "Request Cancellation" in text


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.ABANDONED])
def test_one_that_has_ended_shows_the_command_to_send_it_again(status: Status) -> None:
    """A signal would not reach it."""
    text = page(state(status=status))
    assert text.startswith(f"**{status}**\n\n- to ")
    assert text.endswith(f"\n\n    tidings resend payment-1 --{status}")
    assert "Send a Signal" not in text


def test_a_paused_round_shows_when_its_next_attempt_is_due() -> None:
    text = page(state(status="delivering", next_attempt_at=NOW))
    assert "- the next attempt is due at 2026‑01‑01 00:00:00 UTC" in text  # noqa: RUF001 -- no line break
    assert "Pending Activities" not in text
    assert "Pending Activities" in page(state(status="delivering"))


def test_an_intervention_of_a_batch_shows_its_id() -> None:
    one = Intervention(action="correct", at=NOW, batch="batch:correct-20260101T000000Z-abcdef")
    (row,) = (line for line in rows(page(state(interventions=[one]))) if "2026" in line)
    assert "correct by batch" in row
    assert "abcdef" in row


def test_a_scheduled_one_shows_when_it_is_due() -> None:
    text = page(state(status="scheduled", next_attempt_at=NOW))
    assert "- not before 2026‑01‑01 00:00:00 UTC" in text  # noqa: RUF001 -- no line break


def test_a_correction_a_refusal_and_a_report_are_each_a_row() -> None:
    text = page(
        state(
            interventions=[
                Intervention(
                    action="resend",
                    at=NOW,
                    operator="li",
                    reason="path fixed",
                    changes=(Change(field="body", before="1", after="2"),),
                )
            ],
            refused_interventions=[RefusedIntervention(signal="resend", at=NOW, problem="wrong")],
            reports=[Report(id="x", type="y", at=NOW)],
        )
    )
    intervention, refusal, report = (line for line in rows(text) if "2026" in line)
    assert re.search(r"resend.*li.*path fixed.*body.*1 → 2", intervention)
    assert re.search(r"resend.*wrong", refusal)
    assert "x" in report


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(stuck(attempts=[attempt(1, excerpt=HOSTILE)]), id="excerpt"),
        pytest.param(stuck(attempts=[attempt(1, explanation=HOSTILE)]), id="meaning"),
        pytest.param(stuck(explanation=HOSTILE), id="explanation"),
        pytest.param(
            stuck(
                interventions=[
                    Intervention(
                        action="resend",
                        at=NOW,
                        operator=HOSTILE,
                        reason=HOSTILE,
                        changes=(Change(field="body", before=HOSTILE, after=HOSTILE),),
                    )
                ]
            ),
            id="intervention",
        ),
        pytest.param(
            stuck(
                refused_interventions=[RefusedIntervention(signal=HOSTILE, at=NOW, problem=HOSTILE)]
            ),
            id="refusal",
        ),
        pytest.param(
            stuck(reports=[Report(id="x", type="y", at=NOW, problem=HOSTILE)]), id="report"
        ),
    ],
)
def test_text_of_others_never_becomes_markup(hostile: NotificationState) -> None:
    """Only letters, digits, spaces, commas, semicolons and character references are left."""
    harmless = page(hostile).replace("script", "")
    assert "evil" in harmless
    for markup in ("<", "`c`", "**b**", "[", "](", "evil.example", "_e_", "~~", "$", "&lt;", "\\"):
        assert markup not in harmless
    widths = {line.count("|") for line in rows(harmless)}
    assert widths <= {4, 6}


@pytest.mark.parametrize("char", ["\u202e", "\u200b", "\x1b", "\x00", "\u2028"], ids=ascii)
def test_no_character_turns_or_hides_its_neighbours(char: str) -> None:
    text = page(stuck(attempts=[attempt(1, excerpt=f"a{char}b")]))
    assert char not in text


def test_the_newest_rows_appear_and_all_attempts_count() -> None:
    attempts = [attempt(number) for number in range(1, 31)]
    text = page(state(attempts=attempts, attempts_omitted=100, round=3))
    assert f"**The last {MAX_ROWS} of 130 attempts in 3 rounds**" in text
    assert [line.split()[1] for line in rows(text)[1:]] == [str(each) for each in range(11, 31)]


def test_the_longest_page_fits_into_a_url_of_the_web_ui() -> None:
    """The server of the Web UI accepts a request line and headers of 1 MiB."""
    long = "|" * 5000
    change = Change(field="body", before=long, after=long)
    intervention = Intervention(
        action="resend", at=NOW, operator=long, reason=long, changes=tuple([change] * 7)
    )
    text = page(
        stuck(
            target="https://x/" + "|" * 2000,
            explanation=long,
            attempts=[attempt(n, explanation=long, excerpt=long) for n in range(1, 501)],
            interventions=[intervention] * 30,
            refused_interventions=[RefusedIntervention(signal=long, at=NOW, problem=long)] * 30,
            reports=[Report(id=long, type="x", at=NOW, problem=long)] * 30,
        )
    )
    assert len(quote(text)) < 700_000
