"""The steps of an attempt, each alone: what it adds, and that it keeps the rest."""

from datetime import timedelta

import pytest

from activities.attempt import decide, judge, prepare, record
from activities.execution import Exchanged, Execution, NoAnswer, Recorded
from activities.http.exchange import Answer
from activities.secrets.keyring import Keyring
from tests.support.samples import NOW, attempts, going_on, round_
from tidings.fields.decision import Again, Decision, Done, Stuck
from tidings.round import Round
from tidings.state import FailureKind, WaitReason

HALF = 0.5
"""The random number that leaves a delay as it is."""
SECOND = timedelta(seconds=1)
NO_KEYS = Keyring(None)


def round_of(**fields: object) -> Round:
    """Round 2 of a notification; it has three attempts, an hour apart."""
    hourly = {"kind": "fixed", "interval": 3600, "maximum_attempts": 3}
    return round_(number=2, attempts_before=10, **{"retry": hourly, **fields})


def answered(status: int, body: bytes = b"", **headers: str) -> Answer:
    fields = {"retry_after": None, **headers}
    return Answer(status_code=status, body=body, truncated=False, **fields)


def no_answer(kind: FailureKind) -> NoAnswer:
    return NoAnswer(kind=kind, detail="it went wrong")


def exchanged(result: Answer | NoAnswer, round_: Round, *, made: tuple[int, ...] = ()) -> Exchanged:
    execution = Execution(round=round_, log=attempts(*made), started_at=NOW)
    return Exchanged(**vars(prepare(execution, NO_KEYS)), result=result, duration=SECOND)


def recorded(execution: Exchanged) -> Recorded:
    return record(decide(judge(execution), HALF))


def test_without_its_key_nothing_can_be_sent() -> None:
    execution = Execution(round=round_of(signing_key="orders"), log=(), started_at=NOW)
    assert prepare(execution, NO_KEYS).request == NoAnswer(
        kind=FailureKind.UNSIGNED,
        detail="nothing was sent: this worker has no keyring; set TIDINGS_KEYRING",
    )


AN_HOUR = Again(timedelta(hours=1))
REFUSED = Stuck(WaitReason.REFUSED)


@pytest.mark.parametrize(
    ("result", "decision"),
    [
        pytest.param(answered(200), Done(), id="acknowledged"),
        pytest.param(answered(202), Again(timedelta(minutes=5)), id="pending"),
        pytest.param(answered(503, b"ONGOING"), Again(timedelta(minutes=5)), id="body-pending"),
        pytest.param(answered(200, b"FAILURE"), REFUSED, id="body-refuses"),
        pytest.param(answered(409), AN_HOUR, id="try-again-although-4xx"),
        pytest.param(answered(503), AN_HOUR, id="try-again"),
        pytest.param(answered(503, retry_after="60"), AN_HOUR, id="a-wish-never-shortens"),
        pytest.param(answered(404), REFUSED, id="refused"),
        pytest.param(no_answer(FailureKind.TIMEOUT), AN_HOUR, id="no-answer"),
        pytest.param(no_answer(FailureKind.UNSIGNED), AN_HOUR, id="no-key"),
        pytest.param(no_answer(FailureKind.EGRESS_REFUSED), REFUSED, id="address-refused"),
    ],
)
def test_a_decision_follows_from_the_result(result: Answer | NoAnswer, decision: Decision) -> None:
    agreed = {
        "pending": [202],
        "pending_if": {"body_equals": "ONGOING"},
        "pending_interval": 300,
        "refused_if": {"body_equals": "FAILURE"},
        "retry": 409,
    }
    round_ = round_of(acknowledgement=agreed)
    assert recorded(exchanged(result, round_)).decision == decision


@pytest.mark.parametrize(
    ("made", "decision"),
    [
        pytest.param((), AN_HOUR, id="first"),
        pytest.param((11,), AN_HOUR, id="second"),
        pytest.param((11, 12), Stuck(WaitReason.EXHAUSTED), id="last"),
    ],
)
def test_the_last_attempt_of_the_schedule_ends_it(
    made: tuple[int, ...], decision: Decision
) -> None:
    assert recorded(exchanged(answered(503), round_of(), made=made)).decision == decision


def test_the_attempts_of_an_earlier_activity_count() -> None:
    execution = recorded(exchanged(answered(503), going_on(round_of(), 2)))
    assert execution.decision == Stuck(WaitReason.EXHAUSTED)
    assert (execution.record.number, execution.record.round) == (13, 2)


def test_a_decision_counts_from_the_end_of_the_exchange() -> None:
    """An attempt takes its time, so the next may come too late for the expiry."""
    late = round_of(expires_at=NOW + timedelta(hours=1) + SECOND)
    in_time = round_of(expires_at=NOW + timedelta(hours=1, seconds=2))
    assert recorded(exchanged(answered(503), late)).decision == Stuck(WaitReason.EXPIRED)
    assert recorded(exchanged(answered(503), in_time)).decision == AN_HOUR


def test_jitter_comes_from_the_random_number() -> None:
    jittered = round_of(
        retry={"kind": "fixed", "interval": 10, "maximum_attempts": 2, "jitter": 0.5}
    )
    judged = judge(exchanged(answered(503), jittered))
    assert decide(judged, 0.0).decision == Again(timedelta(seconds=5))
    assert decide(judged, HALF).decision == Again(timedelta(seconds=10))


def test_the_record_of_an_answer() -> None:
    execution = recorded(exchanged(answered(503, b"busy\x00"), round_of(), made=(11,)))
    assert execution.record.model_dump(exclude_none=True) == {
        "number": 12,
        "round": 2,
        "started_at": NOW,
        "duration": SECOND,
        "status_code": 503,
        "explanation": "answered 503, which is not an acknowledgement",
        "cause": "answered:503",
        "excerpt": "busy·",
        "next_attempt_at": NOW + SECOND + timedelta(hours=1),
    }
    assert execution.full_log == (*attempts(11), execution.record)


def test_case_19_an_answer_in_gbk_is_judged_and_recorded() -> None:
    agreed = round_of(acknowledgement={"json_equals": {"/message": "成功"}})
    answer = answered(
        200, '{"message":"成功"}'.encode("gbk"), content_type="application/json; charset=gbk"
    )
    execution = recorded(exchanged(answer, agreed))
    assert execution.decision == Done()
    assert execution.record.excerpt == '{"message":"成功"}'


def test_the_record_of_an_attempt_without_an_answer() -> None:
    execution = recorded(exchanged(no_answer(FailureKind.BAD_TARGET), round_of()))
    assert execution.record.model_dump(exclude_none=True) == {
        "number": 11,
        "round": 2,
        "started_at": NOW,
        "duration": SECOND,
        "failure": FailureKind.BAD_TARGET,
        "explanation": "it went wrong",
        "cause": "bad_target",
    }


@pytest.mark.parametrize(
    ("result", "cause"),
    [
        pytest.param(answered(200), None, id="acknowledged"),
        pytest.param(answered(503), "answered:503", id="answered"),
        pytest.param(no_answer(FailureKind.CONNECTION), "unreachable", id="of-its-kind"),
        pytest.param(
            NoAnswer(kind=FailureKind.CONNECTION, detail="refused", cause="connection_refused"),
            "connection_refused",
            id="of-its-own",
        ),
    ],
)
def test_the_record_has_the_cause(result: Answer | NoAnswer, cause: str | None) -> None:
    assert recorded(exchanged(result, round_of())).record.cause == cause


def test_every_step_keeps_what_was_there_before() -> None:
    before = exchanged(answered(200), round_of(), made=(11,))
    assert vars(recorded(before)).items() >= vars(before).items()
