"""Presets: the schedules of known systems."""

import json
import re
from dataclasses import FrozenInstanceError
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import BaseModel

from tests.support.samples import notification, notification_json, refusal, through_temporal
from tidings.errors import InvalidInputError
from tidings.fields.acknowledgement import Acknowledgement
from tidings.fields.preset import PRESETS
from tidings.fields.retry import Exponential, FixedInterval
from tidings.intervention import Resend
from tidings.notification import Notification

AGAIN: dict[str, Any] = {"retry": "400-499"}

# What the field does, written out once more from its sources: delays, jitter, what acknowledges
# and what is tried again, and the seconds of one attempt if a source names them.
FIELD: dict[str, tuple[str, float, dict[str, Any], float | None]] = {
    "alipay": ("4m 10m 10m 1h 2h 6h 15h", 0, {"body_equals": "success", **AGAIN}, None),
    "wechat": (
        "15s 15s 30s 3m 10m 20m 30m 30m 30m 60m 3h 3h 3h 6h 6h",
        0,
        {"status": [200, 204], **AGAIN},
        5,
    ),
    "unionpay": ("1m 2m 4m 5m", 0, {"status": [200], **AGAIN}, 10),
    "rocketmq": ("10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h", 0, AGAIN, None),
    "standard-webhooks": (
        "5s 5m 30m 2h 5h 10h 14h 20h 24h",
        0.1,
        {"retry": ["400-409", "411-499"], "refused": [410]},
        20,
    ),
    "svix": ("5s 5m 30m 2h 5h 10h 10h", 0.2, AGAIN, 15),
}
DEFAULT_TIMEOUT = timedelta(seconds=10)


def test_every_preset_is_one_of_the_field() -> None:
    assert set(PRESETS) == set(FIELD)


@pytest.mark.parametrize("name", FIELD)
def test_a_preset_is_what_the_field_does(name: str) -> None:
    written, jitter, acknowledgement, timeout = FIELD[name]
    units = {"s": 1, "m": 60, "h": 3600}
    expected = [int(each[:-1]) * units[each[-1]] for each in written.split()]

    given = notification(retry=name)

    assert given.retry.delays == tuple(timedelta(seconds=delay) for delay in expected)
    assert given.retry.total == timedelta(seconds=sum(expected))
    assert given.retry.longest_interval == timedelta(seconds=expected[-1])
    assert given.retry.maximum_attempts == len(expected) + 1
    assert given.retry.jitter == jitter
    assert given.acknowledgement == Acknowledgement.model_validate(acknowledgement)
    assert given.timeout == timedelta(seconds=timeout if timeout is not None else 10)


@pytest.mark.parametrize("name", FIELD)
def test_a_preset_names_its_source(name: str) -> None:
    preset = PRESETS[name]
    assert re.search(r": https://[a-z0-9.-]+/\S+$", preset.source)
    assert (preset.timeout is None) == (FIELD[name][3] is None)


def test_presets_do_not_change() -> None:
    """A running notification that names one would change its course."""
    with pytest.raises(TypeError):
        PRESETS["wechat"] = PRESETS["alipay"]  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        PRESETS["wechat"].timeout = None  # type: ignore[misc]


# A field that is given wins.

OWN: dict[str, Any] = {
    "acknowledgement": {"status": [202], "body_equals": "ok"},
    "timeout": 7,
}


def made_in_python(**fields: Any) -> Notification:
    if "acknowledgement" in fields:
        fields["acknowledgement"] = Acknowledgement(**fields["acknowledgement"])
    if "timeout" in fields:
        fields["timeout"] = timedelta(seconds=fields["timeout"])
    return Notification(**notification_json(**fields))


def read_from_json(**fields: Any) -> Notification:
    return Notification.model_validate(json.loads(json.dumps(notification_json(**fields))))


def read_from_a_mapping(**fields: Any) -> Notification:
    return Notification.model_validate(MappingProxyType(notification_json(**fields)))


def without_retry(value: Any) -> Any:
    """A rule without the statuses that are tried again, which it takes over from the preset."""
    if isinstance(value, Acknowledgement):
        return value.model_copy(update={"retry": None})
    return value


MAKERS = pytest.mark.parametrize("make", [made_in_python, read_from_json, read_from_a_mapping])


@MAKERS
@pytest.mark.parametrize(
    "own",
    [
        pytest.param({"acknowledgement": OWN["acknowledgement"]}, id="own-acknowledgement"),
        pytest.param({"acknowledgement": {}}, id="default-acknowledgement"),
        pytest.param({"timeout": OWN["timeout"]}, id="own-timeout"),
        pytest.param({"timeout": 10}, id="default-timeout"),
    ],
)
def test_a_field_that_is_given_wins(make: Any, own: dict[str, Any]) -> None:
    """The default wins, too, if it is written down."""
    (field,) = own
    for name in FIELD:
        made, whole = make(retry=name, **own), make(retry=name)
        assert without_retry(getattr(made, field)) == without_retry(getattr(make(**own), field))
        for other in set(Notification.model_fields) - {field}:
            assert getattr(made, other) == getattr(whole, other)


@MAKERS
@pytest.mark.parametrize("name", FIELD)
def test_a_preset_means_the_same_however_it_is_given(make: Any, name: str) -> None:
    assert make(retry=name) == notification(**PRESETS[name].fields)


@MAKERS
@pytest.mark.parametrize("name", FIELD)
def test_all_of_them_may_be_given(make: Any, name: str) -> None:
    made = make(retry=name, **OWN)
    assert made.retry == PRESETS[name].schedule
    expected = Acknowledgement(
        status=[202], body_equals="ok", retry=PRESETS[name].acknowledgement.retry
    )
    assert made.acknowledgement == expected
    assert made.timeout == timedelta(seconds=7)


def test_a_bad_field_is_refused_beside_a_preset_too() -> None:
    assert "Notification.acknowledgement is None" in refusal(retry="wechat", acknowledgement=None)
    assert "Notification.timeout is None" in refusal(retry="wechat", timeout=None)


def test_the_schedule_of_a_preset_brings_nothing_but_itself() -> None:
    given = notification(retry=PRESETS["wechat"].schedule)
    assert given.acknowledgement == Acknowledgement()
    assert given.timeout == DEFAULT_TIMEOUT


@pytest.mark.parametrize("retry", [Exponential(), FixedInterval(interval=1, maximum_attempts=2)])
def test_a_schedule_sets_no_other_field(retry: object) -> None:
    given = notification(retry=retry)
    assert (given.acknowledgement, given.timeout) == (Acknowledgement(), DEFAULT_TIMEOUT)


@pytest.mark.parametrize("name", FIELD)
def test_a_preset_is_written_out_and_read_back_the_same(name: str) -> None:
    """The JSON has the schedule, so that a worker of another release reads the same one."""
    given = notification(retry=name)
    assert name not in json.dumps(given.to_json())
    assert Notification.model_validate(through_temporal(given.to_json())) == given
    assert given.differences(notification(**PRESETS[name].fields)) == ()


def test_what_the_caller_gave_stays_as_it_was() -> None:
    given = notification_json(retry="wechat")
    Notification.model_validate(given)
    assert given == notification_json(retry="wechat")


# The name in a resend gives its schedule.


@pytest.mark.parametrize("name", FIELD)
def test_a_resend_takes_only_the_schedule_of_a_preset(name: str) -> None:
    original = notification(acknowledgement=OWN["acknowledgement"], timeout=7)
    for resend in (Resend(retry=name), Resend.model_validate({"retry": name})):
        corrected = resend.corrected(original)
        assert corrected.retry == PRESETS[name].schedule
        assert original.differences(corrected) == ("retry",)
        assert resend.model_fields_set == {"retry"}
        assert resend.to_json() == {"retry": PRESETS[name].schedule.to_json()}


def test_a_resend_may_correct_the_acknowledgement_with_it() -> None:
    resend = Resend(retry="alipay", acknowledgement=Acknowledgement(status=[200]))
    corrected = resend.corrected(notification(retry="wechat"))
    assert corrected.acknowledgement == Acknowledgement(status=[200])
    assert corrected.retry == PRESETS["alipay"].schedule
    assert corrected.timeout == timedelta(seconds=5)


# How it is named.


@pytest.mark.parametrize("model", [Notification, Resend])
def test_the_schema_names_the_presets_beside_the_kinds(model: type[BaseModel]) -> None:
    """Editors and other languages read the schema. Without the names, a preset would break it."""
    choices = model.model_json_schema()["properties"]["retry"]["anyOf"]
    names = [choice for choice in choices if "$ref" not in choice]
    assert names == [{"type": "string", "enum": list(FIELD)}]
    kinds = {choice["$ref"].rpartition("/")[2] for choice in choices if "$ref" in choice}
    assert kinds == {"Exponential", "FixedInterval", "Intervals"}


@pytest.mark.parametrize("model", [Notification, Resend])
@pytest.mark.parametrize("name", ["", "ALIPAY", "alipay ", "weixin"])
def test_an_unknown_preset_is_refused_with_the_names_there_are(
    model: type[BaseModel], name: str
) -> None:
    fields = notification_json() if model is Notification else {}
    with pytest.raises(InvalidInputError) as refused:
        model.model_validate({**fields, "retry": name})
    assert str(refused.value) == (
        f"{model.__name__}.retry is {name!r}: there is no preset of this name; "
        f"choose from {', '.join(FIELD)}"
    )


def test_an_own_rule_beside_a_preset_keeps_what_is_tried_again() -> None:
    own = Acknowledgement(status=[200, 404], body_equals="success", refused=[410])
    rule = notification(retry="wechat", acknowledgement=own).acknowledgement
    assert (rule.status, rule.body_equals, rule.refused) == ((200, 404), "success", (410,))
    assert rule.retry == tuple(each for each in range(400, 500) if each not in {404, 410})


def test_an_own_rule_that_names_what_is_tried_again_stays() -> None:
    own = Acknowledgement(retry=[418])
    assert notification(retry="wechat", acknowledgement=own).acknowledgement == own


def test_statuses_are_written_as_ranges() -> None:
    rule = notification(retry="standard-webhooks").acknowledgement
    assert rule.to_json()["retry"] == ["400-409", "411-499"]
    assert Acknowledgement.model_validate(rule.to_json()) == rule
