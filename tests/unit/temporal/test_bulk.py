"""The notifications that a batch acts on."""

from typing import Any, Final

import pytest

from tidings import InvalidInputError, Status
from tidings.filter import Filter
from tidings.temporal.bulk import stuck
from tidings.temporal.query import query

STUCK: Final = Status.AWAITING_INTERVENTION


def test_a_batch_acts_on_stuck_notifications_only() -> None:
    narrowed = stuck(Filter(target="a.example:80", where="StartTime > '2026'"), everything=False)
    assert narrowed == Filter(target="a.example:80", where="StartTime > '2026'", status=STUCK)
    assert query(narrowed).endswith(
        " AND NotificationStatus = 'awaiting_intervention' AND ExecutionStatus = 'Running'"
        " AND NotificationTarget = 'a.example:80' AND (StartTime > '2026')"
    )
    assert stuck(Filter(), everything=True) == Filter(status=STUCK)
    assert stuck(Filter(status=STUCK), everything=True) == Filter(status=STUCK)
    assert stuck(Filter(status=STUCK, type="a"), everything=False).type == "a"


@pytest.mark.parametrize(
    ("fields", "everything", "problem"),
    [
        pytest.param({}, False, "everything is False, without a filter", id="neither"),
        pytest.param({"status": STUCK}, False, "everything is False, without", id="status-only"),
        pytest.param({"target": "a"}, True, "everything is True, with a filter", id="both"),
        pytest.param({"status": "delivered"}, True, "status is delivered", id="another-status"),
        pytest.param({"status": "delivered", "type": "a"}, False, "status is", id="and-a-type"),
    ],
)
def test_everything_or_a_filter_selects_and_not_both(
    fields: dict[str, Any],
    everything: bool,  # noqa: FBT001
    problem: str,
) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        stuck(Filter.model_validate(fields), everything=everything)
