"""The beginning of a notification's page in the Web UI, its title, and its blue button."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.real.ui.stuck import get_stuck
from tests.real.ui.web import WebUI
from tests.support.receiver import Receiver
from tests.support.sent import start_malformed
from tests.support.states import until_status
from tests.support.until import until
from tidings import FixedInterval, Notification, NotificationClient, Status


async def until_listed(client: NotificationClient, notification_id: str, status: Status) -> None:
    async def is_listed() -> bool:
        return notification_id in [each.id async for each in client.list(status=status)]

    await until(is_listed, within=10)


async def test_an_expired_one_says_what_a_resend_needs(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str
) -> None:
    await get_stuck(
        client,
        f"{target.url}/503",
        new_id,
        retry=FixedInterval(interval=10, maximum_attempts=3),
        expires_at=datetime.now(UTC) + timedelta(seconds=2),
    )
    await ui.open(new_id)
    await expect(ui.what_to_do).to_contain_text("Somebody has to act: expired (cause expired).")
    await expect(ui.what_to_do).to_contain_text("even_if_expired or a later expires_at")
    await expect(ui.what_to_do).to_contain_text("UTC, it is abandoned.")
    await ui.signal("abandon")
    await until_status(client, new_id, Status.ABANDONED)


async def test_a_running_and_a_delivered_one_say_that_there_is_nothing_to_do(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str
) -> None:
    retry = FixedInterval(interval=3600, maximum_attempts=2)
    await client.send(
        Notification(id=new_id, type="push", target=f"{target.url}/503,200", retry=retry)
    )
    await target.wait_for(new_id)
    await ui.open(new_id)
    await expect(ui.what_to_do).to_contain_text("Nothing to do: it is tried again by itself.")
    await ui.signal("resend")
    await until_status(client, new_id, Status.DELIVERED)
    await ui.refresh()
    await expect(ui.what_to_do).to_contain_text("Nothing to do: it was delivered at")


async def test_request_cancellation_gives_up_and_does_not_resend_as_the_page_says(
    ui: WebUI, client: NotificationClient, target: Receiver, new_id: str
) -> None:
    before = await get_stuck(client, f"{target.url}/503", new_id)
    await ui.open(new_id)
    await expect(ui.current_details).to_contain_text(
        "The button Request Cancellation above is not the way to resend it: it gives the "
        "notification up, as abandon does, but without your name and reason."
    )
    await ui.request_cancellation()
    state = await until_status(client, new_id, Status.ABANDONED)
    assert state.attempt_count == before.attempt_count
    assert state.interventions == ()
    await ui.refresh()
    await expect(ui.what_to_do).to_contain_text("Nothing to do: it was abandoned at")
    await expect(ui.page.get_by_role("button", name="Request Cancellation")).to_have_count(0)


async def test_a_malformed_start_says_that_its_sender_has_to_send_it_anew(
    ui: WebUI, client: NotificationClient, new_id: str
) -> None:
    await start_malformed(client, new_id, "points.earned")
    await until_listed(client, new_id, Status.REJECTED)
    await ui.open(new_id)
    await expect(ui.what_to_do).to_contain_text("Nothing can be done here: it was never accepted")
    await expect(ui.current_details).to_contain_text("target")


@pytest.mark.parametrize(
    ("suffix", "mark"),
    [
        pytest.param("usual", "", id="usual"),
        pytest.param("__odd__:http://evil/x--1/2", "`", id="markup"),
    ],
)
async def test_its_title_is_on_its_page_and_in_its_first_event(
    ui: WebUI, client: NotificationClient, target: Receiver, suffix: str, mark: str
) -> None:
    """A title with markup is code on the page; the event shows the marks of that."""
    notification_id = f"title-{suffix}"
    title = f"points.earned {notification_id} → {target.url.removeprefix('http://')}"
    await client.send(
        Notification(id=notification_id, type="points.earned", target=f"{target.url}/ok")
    )
    await until_listed(client, notification_id, Status.DELIVERED)
    await ui.open(notification_id)
    await expect(ui.summary).to_have_text(title)
    await expect(ui.summary.locator("a, strong, em")).to_have_count(0)
    await expect(await ui.first_event()).to_contain_text(f"{mark}{title}{mark}")
