"""The verdict on a story: what was expected, what Tidings says, and what the receiver saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from demo.receiver import Request
from demo.scenes import Story
from tidings import FailureKind, NotificationState


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One story at its end, seen from three sides."""

    story: Story
    state: NotificationState
    seen: tuple[Request, ...]
    """The requests with its id, in the order in which they arrived."""

    @property
    def disagreements(self) -> list[str]:
        """Where the three sides differ; empty if they agree."""
        story, state = self.story, self.state
        told = answers(state)
        seen = tuple(request.status for request in self.seen)
        expected = tuple(chain.from_iterable(story.rounds))
        due_at = story.notification.not_before
        problems = []
        if state.status is not story.ends:
            problems.append(f"it is {state.status}, and should be {story.ends}")
        if told != story.rounds:
            problems.append(f"Tidings tells of answers {told}, and should of {story.rounds}")
        if seen != expected:
            problems.append(f"the receiver answered {seen}, and should have {expected}")
        if state.attempt_count != len(self.seen):
            problems.append(
                f"Tidings counts {state.attempt_count} attempts, the receiver {len(self.seen)}"
            )
        if due_at is not None and any(request.at < due_at for request in self.seen):
            problems.append(f"it was sent before {due_at.isoformat()}, when it was due")
        return [f"{story.id}: {problem}" for problem in problems]


def answers(state: NotificationState) -> tuple[tuple[int | FailureKind | None, ...], ...]:
    """What each attempt came to, round by round: the answer's status, or why there was none."""
    rounds = groupby(state.attempts, key=lambda attempt: attempt.round)
    return tuple(tuple(each.status_code or each.failure for each in round_) for _, round_ in rounds)


def verdicts(
    stories: Sequence[Story], states: Sequence[NotificationState], requests: Sequence[Request]
) -> list[Verdict]:
    """The verdict on each story."""
    return [
        Verdict(
            story=story,
            state=state,
            seen=tuple(request for request in requests if request.id == story.id),
        )
        for story, state in zip(stories, states, strict=True)
    ]


def strangers(stories: Sequence[Story], requests: Sequence[Request]) -> list[str]:
    """The requests that belong to no story, of which there should be none."""
    known = {story.id for story in stories}
    return [
        f"the receiver saw {request.id!r} at {request.path}, which nobody sent"
        for request in requests
        if request.id not in known
    ]
