"""Everything that a person can do to a notification from the Web UI."""

import json
from datetime import UTC, datetime, timedelta

from playwright.async_api import expect

from tests.real.ui.stuck import get_stuck
from tests.real.ui.web import WebUI
from tests.support.receiver import Receiver
from tests.support.states import until_status
from tests.support.until import until
from tidings import Notification, NotificationClient, NotificationState, Resend, Status


async def until_corrected(client: NotificationClient, notification_id: str) -> NotificationState:
    """The state as soon as a correction has been recorded."""

    async def corrected() -> NotificationState | None:
        state = await client.state(notification_id)
        return state if state.interventions else None

    return await until(corrected, within=10)


async def test_a_correction_sends_nothing_and_a_resend_uses_it(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str
) -> None:
    wrong, right = f"{target.url}/404", f"{target.url}/ok"
    await get_stuck(client, wrong, new_id)
    await ui.open(new_id)
    correction = {"operator": "li", "reason": "path fixed", "target": right}
    await ui.signal("correct", json.dumps(correction))
    state = await until_corrected(client, new_id)
    assert (state.status, state.target) == (Status.AWAITING_INTERVENTION, right)
    assert target.order.count(new_id) == 1
    await ui.refresh()
    row = ui.current_details.get_by_role("row").filter(has_text="path fixed")
    await expect(row).to_contain_text(f"target: {wrong} → {right}")
    await expect(ui.status).to_have_text("awaiting_intervention")

    await ui.signal("resend")
    await until_status(client, new_id, Status.DELIVERED)
    assert target.order.count(new_id) == 2


async def test_a_scheduled_one_is_corrected_and_keeps_its_time(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str
) -> None:
    wrong, right = f"{target.url}/404", f"{target.url}/ok"
    due_at = datetime.now(UTC) + timedelta(hours=6)
    await client.send(Notification(id=new_id, type="payment.due", target=wrong, not_before=due_at))
    await ui.open(new_id)
    await expect(ui.status).to_have_text("scheduled")
    await expect(ui.current_details).to_contain_text("the notification keeps its time")
    await ui.signal("correct", json.dumps({"operator": "li", "target": right}))
    state = await until_corrected(client, new_id)
    assert (state.status, state.next_attempt_at) == (Status.SCHEDULED, due_at)
    assert target.order.count(new_id) == 0
    await ui.refresh()
    await ui.signal("resend", json.dumps({"reason": "the customer waits"}))
    await until_status(client, new_id, Status.DELIVERED)


async def test_one_that_has_ended_shows_the_command_to_send_it_again(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str
) -> None:
    await client.send(Notification(id=new_id, type=new_id, target=f"{target.url}/ok"))
    await until_status(client, new_id, Status.DELIVERED)
    await ui.open(new_id)
    page = ui.current_details
    command = page.get_by_role("code").filter(has_text="tidings resend")
    await expect(command).to_have_text(f"tidings resend {new_id} --delivered")
    await expect(page.get_by_text("Send a Signal")).to_have_count(0)

    await client.resend(new_id, Resend(operator="li", even_if_delivered=True))
    await until_status(client, new_id, Status.DELIVERED)

    async def is_single() -> bool:
        return [each.status async for each in client.list(type=new_id)] == [Status.DELIVERED]

    await until(is_single, within=15)
    await ui.open(new_id)
    await expect(page).to_contain_text("2 attempts in 2 rounds")


async def test_every_signal_takes_its_own_example(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str
) -> None:
    await get_stuck(client, f"{target.url}/503", new_id)
    await ui.open(new_id)
    texts = (
        await ui.current_details.get_by_role("code").filter(has_text="operator").all_inner_texts()
    )
    for signal, text in zip(("resend", "correct", "abandon"), texts, strict=True):
        await ui.signal(signal, text)
        await ui.refresh()
    state = await until_status(client, new_id, Status.ABANDONED)
    assert [each.action for each in state.interventions] == ["resend", "correct", "abandon"]
    assert [each.operator for each in state.interventions] == ["you"] * 3
    assert state.refused_interventions == ()
