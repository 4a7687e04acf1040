"""The start of a workflow: what the Web UI shows of a notification."""

import pytest

from tests.support.samples import notification
from tidings.temporal.start import details


@pytest.mark.parametrize(
    ("body", "excerpt"),
    [
        ("x" * 2048, "x" * 2048),
        ("x" * 2049, f"{'x' * 2048}…"),
        ("支" * 683, f"{'支' * 682}…"),
        (f"x{'🎉' * 512}", f"x{'🎉' * 511}…"),
    ],
    ids=["fits", "a byte too many", "in a character", "in a pair"],
)
def test_the_page_shows_2_kib_of_a_body_in_whole_characters(body: str, excerpt: str) -> None:
    page = details(notification(body=body, content_type="text/plain"))
    assert page.splitlines()[-1].strip() == excerpt
