"""Names of settings and events in the pages are those of the code, and none is left out."""

import re
from typing import Final

from service.settings import Settings
from tests.docs.markdown import PAGES, ROOT

_SETTING: Final = re.compile(r"\bTIDINGS_[A-Z_]+\b")
_EVENT: Final = re.compile(r'"((?:worker|delivery|keyring|halting|notification)\.[a-z_]+)"')
_OF_OTHERS: Final = {"TIDINGS_SCREENSHOTS", "TIDINGS_WEB_UI"}
"""Variables of the tests and of the command line."""


def test_settings_that_the_pages_name_exist() -> None:
    named = {
        name
        for page in PAGES
        for name in _SETTING.findall((ROOT / page).read_text(encoding="utf-8"))
    }
    known = {f"TIDINGS_{field.upper()}" for field in Settings.model_fields}
    assert {each for each in named if not each.endswith("_")} - known - _OF_OTHERS == set()
    assert known - named == set()


def test_each_event_of_the_log_is_described() -> None:
    described = (ROOT / "docs/reference/events.md").read_text(encoding="utf-8")
    logged = {
        event
        for room in ("activities", "service", "workflows")
        for path in (ROOT / room).rglob("*.py")
        for event in _EVENT.findall(path.read_text(encoding="utf-8"))
    }
    assert len(logged) > 5
    assert {event for event in logged if f"`{event}`" not in described} == set()
