"""Presets: the schedules of known systems."""

import json
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

ANY_2XX: dict[str, Any] = {}

# What the field does, written out once more from its sources: delays, jitter, what acknowledges,
# and the seconds of one attempt where a source names them.
FIELD: dict[str, tuple[str, float, dict[str, Any], float | None]] = {
    "alipay": ("4m 10m 10m 1h 2h 6h 15h", 0, {"body_equals": "success"}, None),
    "wechat": (
        "15s 15s 30s 3m 10m 20m 30m 30m 30m 60m 3h 3h 3h 6h 6h",
        0,
        {"status": [200, 204]},
        5,
    ),
    "unionpay": ("1m 2m 4m 5m", 0, {"status": [200]}, 10),
    "rocketmq": ("10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h", 0, ANY_2XX, None),
    "standard-webhooks": ("5s 5m 30m 2h 5h 10h 14h 20h 24h", 0.1, ANY_2XX, 20),
    "svix": ("5s 5m 30m 2h 5h 10h 10h", 0.2, ANY_2XX, None),
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
    assert preset.source
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
        assert getattr(made, field) == getattr(make(**own), field)
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
    assert made.acknowledgement == Acknowledgement(status=[202], body_equals="ok")
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
