"""Two hundred random signals to running notifications."""

from typing import Any, Final

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.support.skipped_time import SkippedTime
from tidings import Resend, Status, contract

JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=50),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=12), children, max_size=4)
    ),
    max_leaves=12,
)
FIELDS: Final = st.sampled_from(sorted(Resend.model_fields))
ALMOST: Final = st.dictionaries(FIELDS, JSON, min_size=1, max_size=3)
"""Objects with the names of real fields, and random values."""


def generated(count: int) -> list[list[Any]]:
    """The arguments of ``count`` signals, the same in every run."""
    found: list[list[Any]] = []

    @seed(20261122)
    @settings(max_examples=count, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(JSON | ALMOST, max_size=3))
    def collect(arguments: list[Any]) -> None:
        found.append(arguments)

    collect()
    return found[:count]


async def test_no_random_signal_harms_a_notification(service: SkippedTime, new_id: str) -> None:
    """It answers its query after each signal. After all of them a good resend delivers it.

    A random signal may be a good resend. That begins a round, which the target refuses again.
    """
    signals = generated(200)
    assert len(signals) == 200
    service.target.answer(new_id, 404)
    await service.send(new_id)
    for number, arguments in enumerate(signals):
        signal = (contract.SIGNAL_RESEND, "shout", contract.SIGNAL_RESEND)[number % 3]
        await service.handle(new_id).signal(signal, args=arguments)
        state = await service.client.state(new_id)
        assert state.status in (Status.AWAITING_INTERVENTION, Status.DELIVERING)
    await service.until(new_id, Status.AWAITING_INTERVENTION)
    service.target.answer(new_id, 200)
    await service.client.resend(new_id, Resend(operator="li", even_if_expired=True))
    assert (await service.client.outcome(new_id)).status is Status.DELIVERED


async def test_a_random_abandon_is_taken_or_changes_nothing(
    service: SkippedTime, new_id: str
) -> None:
    """A valid one ends its notification as abandoned. Any other changes nothing."""
    for number, arguments in enumerate(generated(40)):
        notification_id = f"{new_id}/{number}"
        service.target.answer(notification_id, 404, 200)
        await service.send(notification_id)
        await service.until(notification_id, Status.AWAITING_INTERVENTION)
        await service.handle(notification_id).signal(contract.SIGNAL_ABANDON, args=arguments)
        state = await service.client.state(notification_id)
        if state.status is Status.ABANDONED:
            assert state.refused_interventions == ()
            continue
        assert len(state.refused_interventions) == 1
        await service.client.resend(notification_id)
        assert (await service.client.outcome(notification_id)).status is Status.DELIVERED
