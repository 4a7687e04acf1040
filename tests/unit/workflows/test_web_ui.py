"""The page of a notification in the Web UI."""

import re
from collections.abc import Sequence
from urllib.parse import quote

import pytest

from tests.support.pages import HOSTILE, stuck
from tests.support.samples import NOW, attempt, state
from tidings.state import Change, Intervention, NotificationState, RefusedIntervention, Report
from workflows.markdown import MAX_ROWS
from workflows.web_ui import page


def rows(text: str) -> Sequence[str]:
    return [line for line in text.splitlines() if line.startswith("| ")]


def test_a_stuck_one_shows_reason_time_and_attempts() -> None:
    text = page(stuck(explanation="all 2 attempts failed", awaiting_since=NOW))
    assert "\n\n**awaiting_intervention**: exhausted\n\nall 2 attempts failed\n\n- to " in text
    assert "\n- stuck since 2026‑01‑01 00:00:00 UTC\n" in text  # noqa: RUF001 -- no line break
    assert "**2 attempts in 1 round**" in text
    assert len(rows(text)) == 1 + 2


def test_an_intervention_of_a_batch_shows_its_id() -> None:
    one = Intervention(action="correct", at=NOW, batch="batch:correct-20260101T000000Z-abcdef")
    (row,) = (line for line in rows(page(state(interventions=[one]))) if "2026" in line)
    assert "correct by batch" in row
    assert "abcdef" in row


def test_a_correction_a_refusal_and_a_report_are_each_a_row() -> None:
    text = page(
        state(
            interventions=[
                Intervention(
                    action="resend",
                    at=NOW,
                    operator="li",
                    reason="path fixed",
                    changes=(Change(field="body", before="1", after="2"),),
                )
            ],
            refused_interventions=[RefusedIntervention(signal="resend", at=NOW, problem="wrong")],
            reports=[Report(id="x", type="y", at=NOW)],
        )
    )
    intervention, refusal, report = (line for line in rows(text) if "2026" in line)
    assert re.search(r"resend.*li.*path fixed.*body.*1 → 2", intervention)
    assert re.search(r"resend.*wrong", refusal)
    assert "x" in report


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(stuck(attempts=[attempt(1, excerpt=HOSTILE)]), id="excerpt"),
        pytest.param(stuck(attempts=[attempt(1, explanation=HOSTILE)]), id="meaning"),
        pytest.param(stuck(explanation=HOSTILE), id="explanation"),
        pytest.param(stuck(cause=HOSTILE), id="cause"),
        pytest.param(stuck(cause=None, explanation=HOSTILE), id="problem"),
        pytest.param(state(status="delivering", explanation=HOSTILE), id="abandonment"),
        pytest.param(
            stuck(
                interventions=[
                    Intervention(
                        action="resend",
                        at=NOW,
                        operator=HOSTILE,
                        reason=HOSTILE,
                        changes=(Change(field="body", before=HOSTILE, after=HOSTILE),),
                    )
                ]
            ),
            id="intervention",
        ),
        pytest.param(
            stuck(
                refused_interventions=[RefusedIntervention(signal=HOSTILE, at=NOW, problem=HOSTILE)]
            ),
            id="refusal",
        ),
        pytest.param(
            stuck(reports=[Report(id="x", type="y", at=NOW, problem=HOSTILE)]), id="report"
        ),
    ],
)
def test_text_of_others_never_becomes_markup(hostile: NotificationState) -> None:
    """Only letters, digits, spaces, commas, semicolons and character references are left."""
    harmless = page(hostile).replace("script", "")
    assert "evil" in harmless
    for markup in ("<", "`c`", "**b**", "[", "](", "evil.example", "_e_", "~~", "$", "&lt;", "\\"):
        assert markup not in harmless
    widths = {line.count("|") for line in rows(harmless)}
    assert widths <= {4, 6}


@pytest.mark.parametrize("char", ["\u202e", "\u200b", "\x1b", "\x00", "\u2028"], ids=ascii)
def test_no_character_turns_or_hides_its_neighbours(char: str) -> None:
    text = page(stuck(attempts=[attempt(1, excerpt=f"a{char}b")]))
    assert char not in text


def test_the_newest_rows_appear_and_all_attempts_count() -> None:
    attempts = [attempt(number) for number in range(1, 31)]
    text = page(state(attempts=attempts, attempts_omitted=100, round=3))
    assert f"**The last {MAX_ROWS} of 130 attempts in 3 rounds**" in text
    assert [line.split()[1] for line in rows(text)[1:]] == [str(each) for each in range(11, 31)]


def test_the_longest_page_fits_into_a_url_of_the_web_ui() -> None:
    """The server of the Web UI accepts a request line and headers of 1 MiB."""
    long = "|" * 5000
    change = Change(field="body", before=long, after=long)
    intervention = Intervention(
        action="resend", at=NOW, operator=long, reason=long, changes=tuple([change] * 7)
    )
    text = page(
        stuck(
            target="https://x/" + "|" * 2000,
            explanation=long,
            cause=long,
            attempts=[attempt(n, explanation=long, excerpt=long) for n in range(1, 501)],
            interventions=[intervention] * 30,
            refused_interventions=[RefusedIntervention(signal=long, at=NOW, problem=long)] * 30,
            reports=[Report(id=long, type="x", at=NOW, problem=long)] * 30,
        )
    )
    assert len(quote(text)) < 700_000
