"""The effect of the death of a server or worker on a running round."""

from tests.support.dying import abandoned_while_its_worker_died
from tests.support.skipped_time import SkippedTime, replay
from tidings import Status


async def test_a_round_makes_no_attempt_before_it_is_halted(
    idle_service: SkippedTime, new_id: str
) -> None:
    """The halt died with its worker, and the round's retry is due before the halt runs again."""
    await abandoned_while_its_worker_died(idle_service, new_id)
    state = await idle_service.client.state(new_id)
    assert state.status is Status.ABANDONED
    assert [(each.number, each.status_code) for each in state.attempts] == [(1, 503)]
    assert len(idle_service.target.seen(new_id)) == 1
    await replay(await idle_service.handle(new_id).fetch_history())
