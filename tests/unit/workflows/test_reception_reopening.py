"""The start of a notification that has ended: its story and a resend, well formed or not."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.samples import (
    NOW,
    UNREADABLE,
    WORKFLOW_ID,
    attempts,
    notification,
    notification_json,
    state,
    through_temporal,
)
from tidings.continuation import Continuation, Wishes
from tidings.errors import InvalidInputError
from tidings.intervention import Resend
from workflows import reception

STATE = state(status="delivered", round=1, attempts=attempts(1)).to_json()
ENDED = {"notification": notification_json(), "state": STATE}
INTENT = {"even_if_delivered": True}


def reopening(*arguments: Any, workflow_id: str = WORKFLOW_ID) -> reception.Reopening | None:
    return reception.reopening(arguments, workflow_id, NOW)


def ended(**fields: Any) -> dict[str, Any]:
    """The story of an ended run, with ``fields`` in its state."""
    return {"notification": notification_json(), "state": {**STATE, **fields}}


def test_it_has_all_that_the_ended_run_knew() -> None:
    story = Continuation(
        notification=notification(body=5),
        state=state(status="abandoned", round=3, attempts=attempts(1, 2)),
        origin={"id": "digest"},
        earlier_run="run-1",
    )
    resend = Resend(operator="li", even_if_abandoned=True)
    arguments = through_temporal([story.to_json(), resend.to_json()])
    assert reopening(*arguments) == (story, resend)


def test_it_takes_no_wishes_over() -> None:
    """An ended run has none, so they can only be made up."""
    wishes = {"abandonment": "no use", "resend": True, "report": True, "correction": True}
    found = reopening({**ENDED, "wishes": wishes, "attempts_before": -5}, INTENT)
    assert found is not None
    assert (found.continuation.wishes, found.continuation.attempts_before) == (Wishes(), None)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing"),
        pytest.param([notification_json()], id="a-start"),
        pytest.param([ENDED], id="a-continuation"),
        pytest.param([ENDED, INTENT, {}], id="three"),
        pytest.param([notification_json(), INTENT], id="no-story"),
        pytest.param([UNREADABLE, INTENT], id="unreadable"),
        pytest.param([None, None], id="nulls"),
    ],
)
def test_other_starts_are_not_one(arguments: list[Any]) -> None:
    """The reason for their refusal is that of an ordinary start."""
    assert reopening(*arguments) is None


@pytest.mark.parametrize(
    ("story", "resend", "fragment"),
    [
        pytest.param({**ENDED, "notification": {}}, INTENT, "id is missing", id="no-notification"),
        pytest.param({**ENDED, "state": {}}, INTENT, "is missing", id="no-state"),
        pytest.param({**ENDED, "state": None}, INTENT, "state is None", id="null-state"),
        pytest.param({**ENDED, "origin": 5}, INTENT, "origin is 5", id="bad-origin"),
        pytest.param({**ENDED, "earlier_run": {}}, INTENT, "earlier_run is {}", id="bad-run"),
        pytest.param(ENDED, None, "the resend has to be a JSON object", id="null-resend"),
        pytest.param(ENDED, UNREADABLE, "the resend cannot be decoded", id="unreadable-resend"),
        pytest.param(ENDED, {"traget": "x"}, "no field 'traget'", id="misspelt"),
        pytest.param(ended(id="payment-2"), INTENT, "id, type and target", id="another-id"),
        pytest.param(ended(type="x"), INTENT, "id, type and target", id="another-type"),
        pytest.param(ended(target="http://x/"), INTENT, "id, type and target", id="another-target"),
        pytest.param(ended(status="delivering"), INTENT, "status is delivering", id="open"),
        pytest.param(ended(round=-1), INTENT, "counts are (-1", id="negative-round"),
        pytest.param(ended(attempts_omitted=-1), INTENT, "counts are", id="negative-attempts"),
        pytest.param(ended(report_count=10**30), INTENT, "counts are", id="too-many-reports"),
        pytest.param(
            ended(accepted_at=(NOW + timedelta(1)).isoformat()), INTENT, "the past", id="future"
        ),
        pytest.param(ended(accepted_at="0001-01-01T00:00:00Z"), INTENT, "the past", id="year-1"),
        pytest.param(ended(explanation="x" * 1_000_000), INTENT, "1,000,000", id="too-long"),
    ],
)
def test_a_malformed_one_is_refused_with_the_reason(story: Any, resend: Any, fragment: str) -> None:
    """Otherwise the workflow would hang, because Temporal or a report cannot take its state."""
    with pytest.raises(InvalidInputError) as refused:
        reopening(story, resend)
    assert fragment in str(refused.value)
    assert len(str(refused.value)) < 500


def test_one_under_a_foreign_workflow_id_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="has to be 'notification:payment-1'"):
        reopening(ENDED, INTENT, workflow_id="notification:payment-2")
