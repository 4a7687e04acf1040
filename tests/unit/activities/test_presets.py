"""Every preset, driven through its whole schedule by answers of each kind."""

from datetime import timedelta
from itertools import chain, repeat
from typing import Final

import pytest

from activities.attempt import decide, judge, prepare, record
from activities.execution import Exchanged, Execution, NoAnswer
from activities.http.exchange import Answer
from activities.secrets.keyring import Keyring
from tests.support.samples import NOW, round_
from tidings.fields.decision import Again, Decision, Done, Stuck
from tidings.fields.preset import PRESETS
from tidings.round import Round
from tidings.state import Attempt, FailureKind, WaitReason

HALF: Final = 0.5
"""The random number that leaves a delay as it is."""
NO_KEYS: Final = Keyring(None)
EXHAUSTED, REFUSED = Stuck(WaitReason.EXHAUSTED), Stuck(WaitReason.REFUSED)
TIMEOUT: Final = NoAnswer(kind=FailureKind.TIMEOUT, detail="it took too long")
RESET: Final = NoAnswer(kind=FailureKind.PROTOCOL, detail="the connection was reset")

FAIL: Final = b'{"code":"FAIL","message":"busy"}'
ACKNOWLEDGING: Final[dict[str, list[tuple[int, bytes]]]] = {
    "alipay": [(200, b"success")],
    "wechat": [(200, b""), (204, b""), (200, b'{"code":"SUCCESS"}'), (200, FAIL)],
    "unionpay": [(200, b""), (200, b"ok")],
    "rocketmq": [(200, b""), (202, b"ok")],
    "standard-webhooks": [(200, b""), (204, b""), (299, b"ok")],
    "svix": [(200, b""), (202, b""), (299, b"ok")],
}
"""The answers that end the schedule with success, as the sources say."""

REDIRECTS: Final = (301, 302, 303, 307, 308)
CLIENT_ERRORS: Final = (400, 401, 403, 404, 405, 408, 409, 410, 413, 422, 425, 429, 451, 499)
SERVER_ERRORS: Final = (500, 501, 502, 503, 504, 599)
TRIED_AGAIN: Final[dict[str, list[tuple[int, bytes]]]] = {
    "alipay": [
        *((200, body) for body in (b"fail", b"SUCCESS", b"success\n", b"successful", b"")),
        (404, b"success"),
    ],
    "wechat": [(201, b""), (202, b""), (404, FAIL), (500, FAIL)],
    "unionpay": [(201, b""), (204, b""), (302, b"")],
    "rocketmq": [],
    "standard-webhooks": [],
    "svix": [],
}
"""The answers that are asked again in addition to redirects and errors."""

REFUSING: Final[dict[str, tuple[int, ...]]] = {"standard-webhooks": (410,)}
"""The statuses that end a schedule, as the one source says that has any."""


def following(execution: Execution, result: Answer | NoAnswer) -> tuple[Decision, Attempt]:
    """The decision after an attempt with this result, and the record of the attempt."""
    exchanged = Exchanged(
        **vars(prepare(execution, NO_KEYS)), result=result, duration=timedelta(seconds=1)
    )
    recorded = record(decide(judge(exchanged), HALF))
    return recorded.decision, recorded.record


def answered(result: tuple[int, bytes] | NoAnswer) -> Answer | NoAnswer:
    if isinstance(result, NoAnswer):
        return result
    status, body = result
    return Answer(status_code=status, body=body, truncated=False, retry_after=None)


def driven(round_: Round, *results: tuple[int, bytes] | NoAnswer) -> list[Decision]:
    """The decision after each attempt, until one ends the round; the last result repeats."""
    decisions: list[Decision] = []
    log: tuple[Attempt, ...] = ()
    for result in chain(results, repeat(results[-1])):
        execution = Execution(round=round_, log=log, started_at=NOW)
        decision, attempt = following(execution, answered(result))
        decisions.append(decision)
        log = (*log, attempt)
        if not isinstance(decision, Again):
            break
    return decisions


def whole_schedule(name: str) -> list[Decision]:
    """Every delay of a preset, and its end."""
    return [*map(Again, PRESETS[name].schedule.delays), EXHAUSTED]


def tried_again(name: str) -> list[tuple[int, bytes] | NoAnswer]:
    """Every result after which a preset goes on."""
    statuses = (*REDIRECTS, *CLIENT_ERRORS, *SERVER_ERRORS)
    refusing = REFUSING.get(name, ())
    answers = ((status, b"") for status in statuses if status not in refusing)
    return [*answers, *TRIED_AGAIN[name], TIMEOUT, RESET]


@pytest.mark.parametrize("name", PRESETS)
def test_every_failure_is_tried_again_to_the_end(name: str) -> None:
    for result in tried_again(name):
        assert driven(round_(retry=name), result) == whole_schedule(name), result


@pytest.mark.parametrize("name", PRESETS)
def test_the_agreed_answer_ends_a_schedule_at_any_attempt(name: str) -> None:
    whole = whole_schedule(name)
    for answer in ACKNOWLEDGING[name]:
        for failures in (0, 1, len(whole) - 1):
            decisions = driven(round_(retry=name), *[(404, b"")] * failures, answer)
            assert decisions == [*whole[:failures], Done()], answer


@pytest.mark.parametrize("name", PRESETS)
def test_only_410_of_standard_webhooks_ends_a_schedule(name: str) -> None:
    final = {
        status
        for status in range(200, 600)
        if driven(round_(retry=name), (status, b"")) == [REFUSED]
    }
    assert final == set(REFUSING.get(name, ()))


def test_the_attempts_end_within_the_time_of_their_source() -> None:
    timeouts = {name: round_(retry=name).notification.timeout for name in PRESETS}
    assert {name: timeout.total_seconds() for name, timeout in timeouts.items()} == {
        "alipay": 10,
        "wechat": 5,
        "unionpay": 10,
        "rocketmq": 10,
        "standard-webhooks": 20,
        "svix": 15,
    }


# A route is 404 for seconds while it is deployed, and receivers answer 4xx to be asked again.


@pytest.mark.parametrize("name", ["wechat", "alipay", "unionpay", "rocketmq", "svix"])
@pytest.mark.parametrize("status", [400, 404, 410])
def test_case_2_a_preset_asks_again_after_4xx(name: str, status: int) -> None:
    delay, answer = PRESETS[name].schedule.delays[0], ACKNOWLEDGING[name][0]
    assert driven(round_(retry=name), (status, b""), answer) == [Again(delay), Done()]


def test_case_2_wechat_is_asked_again_after_404() -> None:
    decisions = driven(round_(retry="wechat"), (404, b""), (200, b""))
    assert decisions == [Again(timedelta(seconds=15)), Done()]


def test_case_2_a_notification_can_say_what_is_tried_again() -> None:
    hourly = {"kind": "fixed", "interval": 3600, "maximum_attempts": 2}
    agreed = {"retry": [404, "409-410"], "refused": 503}
    an_hour = Again(timedelta(hours=1))
    for status, first in {404: an_hour, 410: an_hour, 403: REFUSED, 503: REFUSED}.items():
        decisions = driven(round_(retry=hourly, acknowledgement=agreed), (status, b""))
        assert decisions[0] == first, status
