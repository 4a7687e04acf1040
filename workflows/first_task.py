"""The first workflow task of a run, and its further tries after the death of a worker; pure."""

from enum import Enum, auto
from typing import Final

_EVENTS_OF_A_START: Final = 3
"""WorkflowExecutionStarted, WorkflowTaskScheduled and WorkflowTaskStarted."""


class TaskKind(Enum):
    """The kinds of workflow tasks."""

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

    def __init__(self, history_length: int) -> None:
        """``history_length`` is the number of events at the start of the run's first task."""
        self._length = history_length
        self._signals = 0

    def note_signal(self) -> None:
        """Takes note of a signal to this run."""
        self._signals += 1

    def kind(self, history_length: int) -> TaskKind:
        """The kind of the present task, at whose start the history had so many events."""
        if history_length != self._length:
            return TaskKind.LATER
        is_first = history_length == _EVENTS_OF_A_START + self._signals
        return TaskKind.FIRST if is_first else TaskKind.REPEATED
