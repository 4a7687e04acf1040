"""The JSON of an intervention: the fields that were given, and no others."""

from typing import Any

import pytest

from tidings import Abandon, Resend


@pytest.mark.parametrize(
    ("action", "document"),
    [
        pytest.param(Resend(), {}, id="resend of nothing"),
        pytest.param(Abandon(), {}, id="abandon of nothing"),
        pytest.param(Resend(operator="li"), {"operator": "li"}, id="resend by a person"),
        pytest.param(Abandon(operator="li"), {"operator": "li"}, id="abandon by a person"),
        pytest.param(Abandon(spread=0), {"spread": 0.0}, id="a default that was given"),
        pytest.param(Resend(signing_key=None), {"signing_key": None}, id="None that was given"),
    ],
)
def test_an_intervention_shows_the_fields_that_were_given(
    action: Resend | Abandon, document: dict[str, Any]
) -> None:
    assert action.to_json() == document
    assert type(action).model_validate(document) == action


def test_a_copy_shows_the_field_that_it_changes() -> None:
    """A bulk action sets the spread on a copy."""
    copy = Abandon(operator="li").model_copy(update={"spread": Abandon(spread=5).spread})
    assert copy.to_json() == {"operator": "li", "spread": 5.0}
