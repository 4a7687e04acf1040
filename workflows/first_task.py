"""The first workflow task of a run: whether it still runs, and whether it is tried again."""

from enum import Enum, auto
from typing import Final

from temporalio import workflow

_EVENTS_OF_A_START: Final = 3
"""WorkflowExecutionStarted, WorkflowTaskScheduled and WorkflowTaskStarted."""


class TaskKind(Enum):
    """What is known of the present workflow task."""

    FIRST = auto()
    """It is the first try of a run's first task, so the fast lane has made no attempt yet."""
    REPEATED = auto()
    """It is a further try of that task, so the attempt of the first try may have been made."""
    LATER = auto()
    """The first task of the run is over."""


class FirstTask:
    """Tells the kind of the present task from the length of the history.

    A first task begins with three events, and one more for each signal that came before it. A
    worker that dies in it leaves further events.
    """

    def __init__(self) -> None:
        self._length = workflow.info().get_current_history_length()
        self._signals = 0

    def note_signal(self) -> None:
        """Takes note of a signal to this run."""
        self._signals += 1

    @property
    def kind(self) -> TaskKind:
        """The kind of the present workflow task."""
        length = workflow.info().get_current_history_length()
        if length != self._length:
            return TaskKind.LATER
        is_first = length == _EVENTS_OF_A_START + self._signals
        return TaskKind.FIRST if is_first else TaskKind.REPEATED
