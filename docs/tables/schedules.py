"""Tables of the presets: their delays, what they acknowledge, and their sources."""

from docs.tables.markdown import code, duration, table
from tidings import PRESETS, Acknowledgement
from tidings.base.text import ranges


def presets() -> str:
    """All presets, one a row."""
    return table(
        ("preset", "attempts", "in all", "acknowledged by", "tried again", "timeout", "source"),
        [
            (
                code(name),
                str(preset.schedule.maximum_attempts),
                duration(preset.schedule.total),
                _rule(preset.acknowledgement),
                code(ranges(preset.acknowledgement.retry or ())),
                "10 s (the default)" if preset.timeout is None else duration(preset.timeout),
                preset.source,
            )
            for name, preset in PRESETS.items()
        ],
    )


def delays() -> str:
    """Every delay of every preset."""
    return table(
        ("preset", "delays between attempts", "jitter"),
        [
            (
                code(name),
                ", ".join(duration(delay) for delay in preset.schedule.delays),
                f"±{preset.schedule.jitter:.0%}" if preset.schedule.jitter else "none",
            )
            for name, preset in PRESETS.items()
        ],
    )


def _rule(rule: Acknowledgement) -> str:
    others = {"retry", "refused"}
    given = rule.model_dump(mode="json", exclude_defaults=True, exclude=others)
    if not given:
        return "any 2xx"
    return ", ".join(f"{code(name)} {code(_value(given[name]))}" for name in given)


def _value(value: object) -> str:
    return ranges(value) if isinstance(value, list) else str(value)
