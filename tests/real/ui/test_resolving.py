"""The work of an operator in the Web UI, from the list of stuck notifications to the end."""

import json
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.real.ui.conftest import HOSTILE
from tests.real.ui.stuck import get_stuck
from tests.real.ui.web import HEIGHT, WIDTH, WebUI
from tests.support.receiver import Receiver
from tests.support.states import until_attempts, until_refused, until_status
from tidings import Notification, NotificationClient, Status

LIST_HEIGHT = 460
STUCK = "NotificationStatus = 'awaiting_intervention'"


async def test_a_stuck_one_is_found_and_says_how_to_resolve_it(
    ui: WebUI, client: NotificationClient, target: Receiver, screenshots: Path
) -> None:
    url = f"{target.url}/down"
    host = target.url.removeprefix("http://")
    await client.send(Notification(id="payment-1001", type="push", target=f"{target.url}/ok"))
    await until_status(client, "payment-1001", Status.DELIVERED)
    await get_stuck(client, f"{target.url}/404", "points-7", type="points.earned")
    await get_stuck(client, url, "payment-1002")

    table = await ui.list(STUCK)
    await ui.configure_columns(
        add=("NotificationType", "NotificationTarget", "NotificationCause"),
        remove=("Run ID", "Type", "End"),
    )
    await ui.fold_navigation()
    row = table.get_by_role("row").filter(has_text="notification:payment-1002")
    await expect(row.get_by_role("cell", name="payment.succeeded", exact=True)).to_be_visible()
    await expect(row.get_by_role("cell", name=host, exact=True)).to_be_visible()
    await expect(row.get_by_role("cell", name="answered:503", exact=True)).to_be_visible()
    await expect(table.get_by_text("notification:payment-1001")).to_have_count(0)
    await ui.page.set_viewport_size({"width": WIDTH, "height": LIST_HEIGHT})
    await ui.screenshot(screenshots / "stuck.png", height=LIST_HEIGHT)
    await ui.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})

    await ui.follow("payment-1002")
    await expect(ui.summary).to_have_text(f"payment.succeeded payment-1002 → {host}")
    await expect(ui.details).to_contain_text(f"POST {url}")
    await expect(ui.details).to_contain_text('{"order":"1001","paid":"12.50"}')
    page = ui.current_details
    await expect(ui.what_to_do).to_contain_text(
        "Somebody has to act: answered 503 (cause answered:503). Resend it"
    )
    await expect(ui.status).to_have_text("awaiting_intervention")
    await expect(page).to_contain_text("all 3 attempts failed")
    attempts = page.get_by_role("table").get_by_role("row").filter(has_text="answered 503")
    await expect(attempts).to_have_count(3)
    examples = page.get_by_role("code").filter(has_text="operator")
    await expect(examples).to_have_count(3)
    texts = await examples.all_inner_texts()
    assert [sorted(json.loads(text)) for text in texts] == [
        ["operator", "reason"],
        ["operator", "reason", "target"],
        ["operator", "reason"],
    ]
    end = await page.bounding_box()
    assert end is not None
    await ui.screenshot(screenshots / "resolve.png", height=end["y"] + end["height"])


async def test_a_resend_with_a_corrected_target_is_delivered(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str
) -> None:
    await get_stuck(client, f"{target.url}/404", new_id)
    await ui.open(new_id)
    corrected = f"{target.url}/ok"
    correction = {"operator": "li", "reason": "path fixed", "target": corrected}
    await ui.signal("resend", json.dumps(correction))
    state = await until_status(client, new_id, Status.DELIVERED)
    assert target.order.count(new_id) == 2
    assert (state.target, state.interventions[0].operator) == (corrected, "li")

    await ui.refresh()
    page = ui.current_details
    await expect(ui.status).to_have_text("delivered")
    await expect(page).to_contain_text("acknowledged with 200")
    intervention = page.get_by_role("row").filter(has_text="path fixed")
    await expect(intervention).to_contain_text(f"target: {target.url}/404 → {corrected}")
    await expect(page.get_by_text("To act on it")).to_have_count(0)


async def test_the_example_of_the_page_can_be_sent_unchanged(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str
) -> None:
    """It resends to the same target, whose URL has characters that Markdown uses."""
    odd = f"{target.url}/hostile?a_b=*c*|`d`&quot;<e>[f](g)"
    before = await get_stuck(client, odd, new_id)
    await ui.open(new_id)
    example = ui.current_details.get_by_role("code").filter(has_text='"target"')
    await ui.signal("resend", await example.inner_text())
    state = await until_attempts(client, new_id, before.attempt_count + 3)
    assert state.target == odd
    assert state.interventions[0].changes == ()


async def test_an_abandon_needs_no_input(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str
) -> None:
    await get_stuck(client, f"{target.url}/503", new_id)
    await ui.open(new_id)
    await ui.signal("abandon")
    await until_status(client, new_id, Status.ABANDONED)
    await ui.refresh()
    await expect(ui.status).to_have_text("abandoned")


MALFORMED = pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param('"please"', "has to be a JSON object", id="text"),
        pytest.param('{"operator": "li", "traget": "http://127.0.0.1/"}', "traget", id="misspelt"),
    ],
)


@MALFORMED
async def test_a_malformed_signal_changes_nothing(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str, data: str, problem: str
) -> None:
    before = await get_stuck(client, f"{target.url}/503", new_id)
    await ui.open(new_id)
    await ui.signal("resend", data)
    state = await until_refused(client, new_id)
    (refusal,) = state.refused_interventions
    assert problem in refusal.problem
    assert state == before.model_copy(update={"refused_interventions": (refusal,)})


@MALFORMED
async def test_a_malformed_signal_is_shown_as_refused(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str, data: str, problem: str
) -> None:
    await get_stuck(client, f"{target.url}/503", new_id)
    await ui.open(new_id)
    await ui.signal("resend", data)
    await until_refused(client, new_id)
    await ui.refresh()
    await expect(ui.status).to_have_text("awaiting_intervention")
    row = ui.current_details.get_by_role("row").filter(has_text=problem)
    await expect(row).to_contain_text("resend", timeout=5_000)


async def test_malformed_json_does_not_leave_the_form(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str
) -> None:
    before = await get_stuck(client, f"{target.url}/503", new_id)
    await ui.open(new_id)
    form = await ui.open_form("resend")
    await form.get_by_role("textbox", name="Data").fill('{"operator": "li"')
    await ui.submit(form)
    await expect(form.get_by_text("Input must be valid JSON")).to_be_visible()
    assert await client.state(new_id) == before


async def test_nothing_that_a_target_answers_becomes_markup_or_a_link(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str
) -> None:
    dialogs = list[str]()
    ui.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await get_stuck(client, f"{target.url}/hostile", new_id)
    await ui.open(new_id)
    page = ui.current_details
    rows = page.get_by_role("row").filter(has_text=HOSTILE)
    await expect(rows).to_have_count(3)
    await expect(rows.get_by_role("cell")).to_have_count(3 * 5)
    await expect(page.get_by_role("link")).to_have_count(0)
    await expect(page.get_by_role("img")).to_have_count(0)
    await expect(rows.locator("script, img, a, b, strong, em, code")).to_have_count(0)
    assert dialogs == []
