"""What options say of a notification, and what they leave out."""

from typing import Any, Final

import pytest

from tidings import Acknowledgement, InvalidInputError, Notification, Resend
from tidings.cli import options

NOTHING: Final[dict[str, Any]] = {
    "target": None, "body": None, "content_type": None, "header": [], "retry": None,
    "ack_status": None, "ack_body": None, "ack": None,
}  # fmt: skip


def test_what_is_absent_is_left_out() -> None:
    assert options.given(**NOTHING) == {}


def test_an_acknowledgement_of_nothing_is_given_all_the_same() -> None:
    given = options.given(**{**NOTHING, "ack": "{}"})
    assert given == {"acknowledgement": {}}
    resend = Resend.model_validate(given)
    assert resend.to_json() == {"acknowledgement": Acknowledgement().to_json()}
    sent = {"id": "a", "type": "b", "target": "http://x.test/", "retry": "alipay"}
    assert Notification.model_validate(sent).acknowledgement.body_equals == "success"
    assert Notification.model_validate({**sent, **given}).acknowledgement == Acknowledgement()


@pytest.mark.parametrize("ack", ["[]", "null", "0", '""', "false"])
def test_an_acknowledgement_that_is_no_object_is_refused(ack: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^Acknowledgement is "):
        Resend.model_validate(options.given(**{**NOTHING, "ack": ack}))


@pytest.mark.parametrize(("body", "value"), [("null", None), ("{}", {}), ("0", 0), ('""', "")])
def test_a_body_of_nothing_is_given_all_the_same(body: str, value: object) -> None:
    assert options.given(**{**NOTHING, "body": body}) == {"body": value}


def test_an_acknowledgement_is_a_whole_or_its_parts() -> None:
    assert options.given(**{**NOTHING, "ack_body": ""}) == {"acknowledgement": {"body_equals": ""}}
    with pytest.raises(InvalidInputError, match="--ack says everything"):
        options.given(**{**NOTHING, "ack": "{}", "ack_body": "ok"})
