"""Everything that is known of one notification; pure."""

from collections.abc import Iterable
from typing import Final, Self

from pydantic import AwareDatetime

from tidings.base import Record
from tidings.state.acts import Intervention, RefusedIntervention, Report
from tidings.state.attempt import Attempt, merged
from tidings.state.status import Status, WaitReason

# Without these limits a state could outgrow the 2 MiB that Temporal accepts for it and its
# notification together.
MAX_ATTEMPTS_KEPT: Final = 500
"""The newest attempts, which a state keeps. Older ones are only counted."""
MAX_EXCERPTS_KEPT: Final = 50
"""The newest attempts, which keep the excerpt of their answer."""
MAX_INTERVENTIONS_KEPT: Final = 30
"""The newest interventions, which a state keeps; also the limit of refused ones and reports."""


class NotificationState(Record):
    """Everything that is known of one notification."""

    id: str
    """The id of the notification."""
    type: str
    """The type of the notification."""
    target: str
    """The URL that it is sent to now, corrections included."""
    status: Status
    """The status that it has now."""
    reason: WaitReason | None = None
    """The reason why it awaits intervention; ``None`` in every other status."""
    cause: str | None = None
    """The code of what went wrong, as ``connection_refused``; ``None`` in every other status."""
    explanation: str = ""
    """One sentence on how it came to its status; empty if there is nothing to explain."""
    round: int = 0
    """The number of rounds that have begun."""
    attempts: tuple[Attempt, ...] = ()
    """The newest 500 attempts, the oldest of them first."""
    attempts_omitted: int = 0
    """The number of older attempts, which are only counted."""
    next_attempt_at: AwareDatetime | None = None
    """The moment at which the next attempt is due; ``None`` if none is planned."""
    expires_at: AwareDatetime | None = None
    """The moment from which no attempt begins any more, corrections included; ``None`` is never."""
    awaiting_since: AwareDatetime | None = None
    """The moment since which it awaits intervention; ``None`` in every other status."""
    intervention_deadline: AwareDatetime | None = None
    """The moment at which it ends abandoned unless somebody intervenes, while it awaits that."""
    interventions: tuple[Intervention, ...] = ()
    """The newest 30 acts of people, the oldest of them first."""
    refused_interventions: tuple[RefusedIntervention, ...] = ()
    """The newest 30 signals that changed nothing, the oldest of them first."""
    reports: tuple[Report, ...] = ()
    """The newest 30 reports to the business system, the oldest of them first."""
    report_count: int = 0
    """The number of all reports so far."""
    accepted_at: AwareDatetime
    """The moment at which Temporal recorded it."""
    closed_at: AwareDatetime | None = None
    """The moment at which it ended; ``None`` while it is open."""
    complete: bool = True
    """False if no worker answered. The state then has only what the Temporal server knows."""

    @property
    def attempt_count(self) -> int:
        """The number of all attempts so far, omitted ones included."""
        return self.attempts_omitted + len(self.attempts)

    def with_attempts(self, log: Iterable[Attempt]) -> Self:
        """This state with the attempts of ``log``, cut to what a state keeps."""
        attempts = merged(self.attempts, log)
        kept = attempts[-MAX_ATTEMPTS_KEPT:]
        bare, full = kept[:-MAX_EXCERPTS_KEPT], kept[-MAX_EXCERPTS_KEPT:]
        return self.model_copy(
            update={
                "attempts": (*(each.model_copy(update={"excerpt": None}) for each in bare), *full),
                "attempts_omitted": self.attempts_omitted + len(attempts) - len(kept),
            }
        )

    def with_intervention(self, intervention: Intervention) -> Self:
        """This state with one more act of a person."""
        kept = (*self.interventions, intervention)[-MAX_INTERVENTIONS_KEPT:]
        return self.model_copy(update={"interventions": kept})

    def with_report(self, report: Report) -> Self:
        """This state with one more report to the business system."""
        kept = (*self.reports, report)[-MAX_INTERVENTIONS_KEPT:]
        return self.model_copy(update={"reports": kept, "report_count": self.report_count + 1})

    def with_refusal(self, refusal: RefusedIntervention) -> Self:
        """This state with one more refused signal."""
        kept = (*self.refused_interventions, refusal)[-MAX_INTERVENTIONS_KEPT:]
        return self.model_copy(update={"refused_interventions": kept})
