"""The kind of a workflow task, as a table over the length of the history."""

import pytest

from workflows.first_task import FirstTask, TaskKind


@pytest.mark.parametrize(
    ("at_start", "signals", "now", "kind"),
    [
        (3, 0, 3, TaskKind.FIRST),
        (4, 1, 4, TaskKind.FIRST),
        (6, 0, 6, TaskKind.REPEATED),
        (8, 2, 8, TaskKind.REPEATED),
        (4, 0, 4, TaskKind.REPEATED),
        (3, 0, 9, TaskKind.LATER),
        (3, 6, 9, TaskKind.LATER),
        (6, 0, 12, TaskKind.LATER),
    ],
)
def test_the_kind_of_a_task(at_start: int, signals: int, now: int, kind: TaskKind) -> None:
    task = FirstTask(at_start)
    for _ in range(signals):
        task.note_signal()
    assert task.kind(now) is kind
