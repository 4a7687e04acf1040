"""The JSON of an intervention: the fields that were given, and no others."""

from typing import Any, Final

import pytest

from tidings import Abandon, Correct, Filter, Resend, Status

NOTHING: Final = dict.fromkeys(Filter.model_fields)
"""The JSON of a filter that narrows nothing."""


@pytest.mark.parametrize(
    ("action", "document"),
    [
        pytest.param(Resend(), {}, id="resend of nothing"),
        pytest.param(Abandon(), {}, id="abandon of nothing"),
        pytest.param(Resend(operator="li"), {"operator": "li"}, id="resend by a person"),
        pytest.param(Abandon(operator="li"), {"operator": "li"}, id="abandon by a person"),
        pytest.param(Resend(even_if_expired=False), {"even_if_expired": False}, id="a default"),
        pytest.param(
            Abandon(only_if=Filter(status=Status.SCHEDULED)),
            {"only_if": {**NOTHING, "status": ["scheduled"]}},
            id="a condition",
        ),
        pytest.param(Correct(not_before=None), {"not_before": None}, id="correct to now"),
        pytest.param(Resend(signing_key=None), {"signing_key": None}, id="None that was given"),
    ],
)
def test_an_intervention_shows_the_fields_that_were_given(
    action: Resend | Correct | Abandon, document: dict[str, Any]
) -> None:
    assert action.to_json() == document
    assert type(action).model_validate(document) == action


def test_a_copy_shows_the_field_that_it_changes() -> None:
    """A batch sets its id and its condition on a copy."""
    copy = Abandon(operator="li").model_copy(update={"batch": "b", "only_if": Filter(type="a")})
    assert copy.to_json() == {"operator": "li", "batch": "b", "only_if": {**NOTHING, "type": "a"}}
    assert Abandon.model_validate(copy.to_json()) == copy
