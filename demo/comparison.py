"""The comparison of what was expected, what Tidings says and what the receiver answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from demo.receiver import Request
from demo.scenes import Scene
from tidings import FailureKind, NotificationState


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One scene at its end, seen from three sides."""

    scene: Scene
    state: NotificationState
    requests: tuple[Request, ...]
    """The requests with its id, in the order in which they came."""

    @property
    def differences(self) -> list[str]:
        """The differences between the three sides; empty if they agree."""
        scene, state = self.scene, self.state
        recorded, expected = answers(state), scene.expected_answers
        in_order = tuple(chain.from_iterable(expected))
        received = tuple(request.status for request in self.requests)
        due_at = scene.notification.not_before
        found = []
        if state.status is not scene.expected_status:
            found.append(f"it is {state.status}, but should be {scene.expected_status}")
        if recorded != expected:
            found.append(f"Tidings recorded the answers {recorded}, but should have {expected}")
        if received != in_order:
            found.append(f"the receiver answered {received}, but should have {in_order}")
        if state.attempt_count != len(received):
            found.append(
                f"Tidings counts {state.attempt_count} attempts, the receiver {len(received)}"
            )
        if due_at is not None and any(request.at < due_at for request in self.requests):
            found.append(f"it was sent before {due_at.isoformat()}, when it was due")
        return [f"{scene.id}: {difference}" for difference in found]


def answers(state: NotificationState) -> tuple[tuple[int | FailureKind | None, ...], ...]:
    """Returns the answer to each attempt, round by round: a status, or why there was no answer."""
    rounds = groupby(state.attempts, key=lambda attempt: attempt.round)
    return tuple(tuple(each.status_code or each.failure for each in round_) for _, round_ in rounds)


def compare(
    scenes: Sequence[Scene], states: Sequence[NotificationState], requests: Sequence[Request]
) -> list[Comparison]:
    """Compares each scene with its state and its requests."""
    return [
        Comparison(
            scene=scene,
            state=state,
            requests=tuple(request for request in requests if request.id == scene.id),
        )
        for scene, state in zip(scenes, states, strict=True)
    ]


def unexpected(scenes: Sequence[Scene], requests: Sequence[Request]) -> list[str]:
    """Names the requests that do not belong to any scene, which must not exist."""
    known = {scene.id for scene in scenes}
    return [
        f"the receiver had a request {request.id!r} at {request.path}, which nobody sent"
        for request in requests
        if request.id not in known
    ]
