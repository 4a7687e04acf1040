"""``presets``: show the presets."""

from typing import Any

from tidings import PRESETS, Acknowledgement, Preset
from tidings.base.text import ranges
from tidings.cli import content, options, output
from tidings.cli.terminal import escaped, out


def presets(as_json: options.AsJson = False) -> None:
    """Show the presets: attempts, delays, acknowledgement, statuses tried again, timeout."""
    if as_json:
        output.print_json({name: _json(preset) for name, preset in PRESETS.items()})
        return
    for name, preset in PRESETS.items():
        _print(name, preset)


def _print(name: str, preset: Preset) -> None:
    schedule = preset.schedule
    delays = " ".join(content.duration(delay) for delay in schedule.delays)
    jitter = f", each ±{schedule.jitter:.0%}" if schedule.jitter else ""
    timeout = "" if preset.timeout is None else f"; timeout {content.duration(preset.timeout)}"
    out.print(f"[bold]{name}[/bold]  {escaped(preset.source)}", soft_wrap=True)
    out.print(
        f"  {schedule.maximum_attempts} attempts in {content.duration(schedule.total)}{jitter}"
    )
    out.print(f"  delays: {delays}", soft_wrap=True)
    out.print(f"  acknowledged by {escaped(_answer(preset.acknowledgement))}{timeout}")
    out.print(f"  {_others(preset.acknowledgement)}")


def _json(preset: Preset) -> dict[str, Any]:
    schedule = preset.schedule
    return {
        "source": preset.source,
        "maximum_attempts": schedule.maximum_attempts,
        "delays": [delay.total_seconds() for delay in schedule.delays],
        "total": schedule.total.total_seconds(),
        "jitter": schedule.jitter,
        "acknowledgement": preset.acknowledgement.to_json(),
        "timeout": preset.timeout.total_seconds() if preset.timeout is not None else None,
    }


def _answer(rule: Acknowledgement) -> str:
    """The answer that acknowledges."""
    statuses = f"status {' or '.join(map(str, rule.status))}" if rule.status else "any 2xx"
    body = "" if rule.body_equals is None else f" with the body {rule.body_equals!r}"
    return f"{statuses}{body}"


def _others(rule: Acknowledgement) -> str:
    """The statuses that are tried again although they are 4xx, and those that refuse."""
    again = f"also tried again: {ranges(rule.retry or ())}"
    return f"{again}; refused by {ranges(rule.refused)}" if rule.refused else again
