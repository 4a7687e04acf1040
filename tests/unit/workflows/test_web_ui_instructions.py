"""What a person has to do and can do, on the page of a notification in the Web UI."""

from typing import Any

import pytest

from tests.support.pages import HOSTILE, beginning, examples, stuck
from tests.support.samples import NOW, notification, state
from tidings.intervention import Abandon, Correct, Resend, check
from tidings.notification import Notification
from tidings.state import Change, Intervention, Status
from workflows.web_ui import page, rejection_page

EXTENDED = Intervention(
    action="correct", at=NOW, changes=(Change(field="expires_at", before="1", after="2"),)
)
ABANDONED_SOON = "abandoned by li: paid; it ends once no attempt is in flight"
AS_IT_IS = "Resend it, as it is or corrected, or abandon it, as described below."
WITH_EXPIRY = (
    "Resend it with `even_if_expired` or a later `expires_at`, or abandon it, as described below."
)
IN_30_DAYS = "If nobody acts by 2026-01-31 00:00:00 UTC, it is abandoned."


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        pytest.param(
            {"status": "scheduled", "next_attempt_at": NOW},
            "**Nothing to do**: the first attempt is due at 2026-01-01 00:00:00 UTC.",
            id="scheduled",
        ),
        pytest.param(
            {"status": "delivering"},
            "**Nothing to do**: it is tried again by itself. The attempts of the running round, "
            "and the time of the next one, are under *Pending Activities*.",
            id="running",
        ),
        pytest.param(
            {"status": "delivering", "next_attempt_at": NOW},
            "**Nothing to do**: the next attempt is due at 2026-01-01 00:00:00 UTC.",
            id="paused",
        ),
        pytest.param(
            {"status": "delivering", "explanation": ABANDONED_SOON},
            f"**Nothing to do**: it is being abandoned. {ABANDONED_SOON}.",
            id="given-up",
        ),
        pytest.param(
            {"status": "delivered", "closed_at": NOW},
            "**Nothing to do**: it was delivered at 2026-01-01 00:00:00 UTC.",
            id="delivered",
        ),
        pytest.param(
            {"status": "abandoned", "closed_at": NOW},
            "**Nothing to do**: it was abandoned at 2026-01-01 00:00:00 UTC.",
            id="abandoned",
        ),
    ],
)
def test_a_page_begins_with_nothing_to_do(fields: dict[str, Any], sentence: str) -> None:
    assert beginning(page(state(**fields))) == sentence


@pytest.mark.parametrize(
    ("fields", "problem", "cure"),
    [
        pytest.param(
            {"reason": "refused", "cause": "refused:404"},
            "refused with 404 (cause `refused:404`)",
            AS_IT_IS,
            id="status",
        ),
        pytest.param(
            {"cause": "body:/code=FAIL"},
            "answered FAIL at /code (cause `body:/code=FAIL`)",
            AS_IT_IS,
            id="body",
        ),
        pytest.param(
            {"cause": "connection_refused"},
            "connection refused (cause `connection_refused`)",
            AS_IT_IS,
            id="connection",
        ),
        pytest.param(
            {"cause": "of_a_later_version"},
            "of_a_later_version (cause `of_a_later_version`)",
            AS_IT_IS,
            id="unknown",
        ),
        pytest.param(
            {"cause": None, "explanation": "all 2 attempts failed"},
            "all 2 attempts failed",
            AS_IT_IS,
            id="of-an-earlier-version",
        ),
        pytest.param(
            {"reason": "expired", "cause": "expired"},
            "expired (cause `expired`)",
            WITH_EXPIRY,
            id="expired",
        ),
        pytest.param(
            {
                "reason": "expired",
                "cause": "expired",
                "awaiting_since": NOW,
                "interventions": [EXTENDED],
            },
            "expired (cause `expired`)",
            AS_IT_IS,
            id="expired-and-extended",
        ),
    ],
)
def test_the_page_of_a_stuck_one_begins_with_problem_cure_and_deadline(
    fields: dict[str, Any], problem: str, cure: str
) -> None:
    sentences = beginning(page(stuck(**fields)))
    assert sentences == f"**Somebody has to act**: {problem}. {cure} {IN_30_DAYS}"


def test_no_explanation_appears_twice() -> None:
    for each in (
        stuck(explanation="once only"),
        stuck(explanation="once only", cause=None),
        state(status="delivering", explanation="once only"),
        state(status="delivered", explanation="once only"),
    ):
        assert page(each).count("once only") == 1


@pytest.mark.parametrize("cause", [HOSTILE, "a`b", "a b", "", "x" * 101], ids=range(5))
def test_only_a_word_becomes_code(cause: str) -> None:
    assert "`" not in page(stuck(cause=cause)).partition("\n\n")[0]


def test_a_rejected_one_says_that_its_sender_has_to_act() -> None:
    text = rejection_page(f"target is missing {HOSTILE}")
    assert beginning(text).startswith("**Nothing can be done here**: it was never accepted")
    assert "target is missing" in text
    assert "<script>" not in text


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


def test_the_example_for_a_late_one_allows_that_unless_its_expiry_was_corrected() -> None:
    late = stuck(reason="expired", awaiting_since=NOW)
    assert examples(page(late))[0]["even_if_expired"] is True
    corrected = late.model_copy(update={"interventions": (EXTENDED,)})
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
    assert f"\n\n**{status}**\n\n- to " in text
    assert effect in text
    assert ("`not_before`" in text) is (status is Status.SCHEDULED)
    assert [sorted(each) for each in examples(text)] == [
        ["operator", "reason"],
        ["operator", "reason", "target"],
        ["operator", "reason"],
    ]


@pytest.mark.parametrize("status", ["scheduled", "delivering", "awaiting_intervention"])
def test_request_cancellation_is_explained_before_any_signal(status: str) -> None:
    before_signals = page(state(status=status)).partition("`resend` ")[0]
    assert "*Request Cancellation* above is not the way to resend it: it gives" in before_signals


def test_one_that_is_being_abandoned_has_no_examples() -> None:
    """Every signal would be refused."""
    text = page(state(status="delivering", explanation=ABANDONED_SOON))
    assert examples(text) == []
    assert "Send a Signal" not in text


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.ABANDONED])
def test_one_that_has_ended_shows_the_command_to_send_it_again(status: Status) -> None:
    """A signal would not reach it."""
    text = page(state(status=status))
    assert f"\n\n**{status}**\n\n- to " in text
    assert text.endswith(f"\n\n    tidings resend payment-1 --{status}")
    assert "Send a Signal" not in text
    assert "Request Cancellation" not in text
