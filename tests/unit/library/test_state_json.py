"""The JSON of a state, from this release and from later ones."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.samples import (
    NOW,
    attempt,
    refused_intervention,
    round_,
    state,
    through_temporal,
)
from tidings.base import Model, Record
from tidings.errors import InvalidInputError
from tidings.fields.acknowledgement import Acknowledgement
from tidings.intervention import Abandon, Resend
from tidings.notification import Notification
from tidings.state import (
    Change,
    Intervention,
    NotificationState,
    Report,
)

RICH = state(
    status="awaiting_intervention",
    reason="exhausted",
    explanation="all 2 attempts failed",
    round=2,
    attempts=(
        attempt(1, duration=timedelta(microseconds=123_456), excerpt='不 "ok"\n\t·'),
        attempt(2, round=2, status_code=None, failure="timeout", next_attempt_at=NOW),
    ),
    attempts_omitted=7,
    next_attempt_at=NOW + timedelta(microseconds=1),
    intervention_deadline=NOW + timedelta(days=30),
    interventions=(
        Intervention(
            action="resend",
            at=NOW,
            operator="li",
            reason="fixed",
            changes=(Change(field="target", before="a", after="b"),),
        ),
        Intervention(action="abandon", at=NOW),
    ),
    refused_interventions=(refused_intervention(1),),
    reports=(Report(id="payment-1:report:1", type="x", at=NOW, problem="the id is taken"),),
    report_count=1,
    closed_at=NOW,
    complete=False,
)


@pytest.mark.parametrize("given", [state(), RICH], ids=["bare", "rich"])
def test_a_state_comes_back_from_json_as_it_was(given: NotificationState) -> None:
    for arrived in (through_temporal(given.to_json()), json.loads(json.dumps(given.to_json()))):
        assert NotificationState.model_validate(arrived) == given


def test_json_is_written_in_the_words_of_the_contract() -> None:
    written = RICH.to_json()
    assert written["status"] == "awaiting_intervention"
    assert written["reason"] == "exhausted"
    assert written["accepted_at"] == "2026-01-01T00:00:00Z"
    assert written["attempts"][0]["duration"] == 0.123456
    assert written["attempts"][1]["failure"] == "timeout"
    assert json.loads(json.dumps(written)) == written


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "lost"), ("reason", "bored"), ("accepted_at", "2026-01-01")],
)
def test_a_bad_state_is_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(InvalidInputError, match=field):
        state(**{field: value})


@pytest.mark.parametrize(
    "record",
    [
        state(),
        RICH,
        *RICH.attempts,
        *RICH.interventions,
        *RICH.interventions[0].changes,
        *RICH.refused_interventions,
        *RICH.reports,
        round_(),
    ],
    ids=lambda record: type(record).__name__,
)
def test_a_field_that_a_later_release_adds_is_passed_over(record: Record) -> None:
    for added in ("red", None, {"number": 1}):
        later = through_temporal({**record.to_json(), "colour": added})
        read = type(record).model_validate(later)
        assert read == record
        assert "colour" not in read.to_json()


def test_new_fields_deep_in_a_later_state_are_ignored() -> None:
    def later(value: Any) -> Any:
        if isinstance(value, dict):
            return {**{name: later(each) for name, each in value.items()}, "colour": "red"}
        return [later(each) for each in value] if isinstance(value, list) else value

    assert NotificationState.model_validate(through_temporal(later(RICH.to_json()))) == RICH


@pytest.mark.parametrize("model", [Notification, Resend, Abandon, Acknowledgement])
def test_what_people_write_is_held_to_the_fields_there_are(model: type[Model]) -> None:
    """Otherwise a misspelt field would have no effect, and nobody would notice."""
    with pytest.raises(InvalidInputError, match="has no field 'colour'"):
        model.model_validate({"colour": "red"})
