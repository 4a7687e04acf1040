"""Temporal's Web UI as a person uses it, by its labels."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.async_api import FloatRect, Locator, Page, expect

from tidings.contract import workflow_id

WIDTH = 1400
HEIGHT = 1700


@dataclass
class WebUI:
    """A page of a browser with the Web UI of a service."""

    page: Page
    url: str

    async def list(self, query: str) -> Locator:
        """Opens the list of what a query finds; returns its table."""
        return await self.open_list(
            f"{self.url}/namespaces/default/workflows?{urlencode({'query': query})}"
        )

    async def open_list(self, link: str) -> Locator:
        """Opens a list by a link; returns its table."""
        await self.page.goto(link)
        table = self.page.get_by_role("table", name="Workflows")
        await expect(table).to_be_visible()
        return table

    async def configure_columns(self, *, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
        """Chooses the columns of the list; the browser remembers them."""
        await self.page.get_by_role("button", name="Configure Columns").click()
        for action, names in (("Add", add), ("Remove", remove)):
            for name in names:
                button = self.page.get_by_role("button", name=f"{action} {name} column", exact=True)
                await button.click()
        await self.page.get_by_role("button", name="Close Workflows Table configuration").click()

    async def open(self, notification_id: str) -> None:
        """Opens the page of a notification by its address."""
        name = workflow_id(notification_id)
        await self.page.goto(f"{self.url}/namespaces/default/workflows?query=WorkflowId='{name}'")
        await self.follow(notification_id)

    async def follow(self, notification_id: str) -> None:
        """Opens the page of a notification from the list on the screen."""
        await self.page.get_by_role("link", name=workflow_id(notification_id), exact=True).click()
        await self.page.get_by_role("tab", name="User Metadata").click()
        await expect(self.current_details.get_by_role("paragraph").first).to_be_visible()

    async def refresh(self) -> None:
        """Loads the page anew: it does not follow its notification by itself."""
        await self.page.reload()

    @property
    def summary(self) -> Locator:
        return self._document("summary")

    @property
    def details(self) -> Locator:
        return self._document("details")

    @property
    def current_details(self) -> Locator:
        """The text that Tidings writes about a notification."""
        return self._document("current-details")

    @property
    def what_to_do(self) -> Locator:
        """The paragraph with which that text begins."""
        return self.current_details.get_by_role("paragraph").first

    @property
    def status(self) -> Locator:
        """The status, which stands behind what a person has to do."""
        return self.current_details.get_by_role("strong").nth(1)

    def _document(self, part: str) -> Locator:
        """Returns one of the documents on the page: each piece of Markdown is one."""
        return self.page.frame_locator(f"#user-metadata-{part}").get_by_role("main")

    async def open_form(self, signal: str) -> Locator:
        """Opens the form *Send a Signal* with a signal chosen; returns it."""
        await self.page.get_by_role("button", name="More Actions").click()
        await self.page.get_by_role("menuitem", name="Send a Signal").click()
        form = self.page.get_by_role("dialog", name="Send a Signal")
        await form.get_by_role("button", name="Select a signal").click()
        await form.get_by_role("option", name=signal, exact=True).click()
        return form

    async def submit(self, form: Locator) -> None:
        """Submits by the keyboard: the form formats the JSON and grows, and a click would miss."""
        await form.get_by_role("button", name="Submit").press("Enter")

    async def signal(self, signal: str, data: str | None = None) -> None:
        """Sends a signal from the form, with ``data`` in the field *Data*."""
        form = await self.open_form(signal)
        if data is not None:
            await form.get_by_role("textbox", name="Data").fill(data)
        await self.submit(form)
        await expect(self.page.get_by_text("Workflow signaled.").first).to_be_visible()

    async def request_cancellation(self) -> None:
        """Presses the button *Request Cancellation*, and confirms."""
        await self.page.get_by_role("button", name="Request Cancellation").click()
        dialog = self.page.get_by_role("dialog").filter(visible=True)
        await dialog.get_by_role("button", name="Confirm").click()
        await expect(dialog).to_have_count(0)

    async def first_event(self) -> Locator:
        """Opens the history of the notification on the screen; returns the row of its start."""
        await self.page.get_by_role("tab", name="Event History").click()
        return self.page.get_by_role("row").filter(has_text="Workflow Execution Started")

    async def fold_navigation(self) -> None:
        """Folds the navigation, for a wider page; the browser remembers it."""
        await self.page.get_by_role("button", name="Collapse Navigation").click()
        await expect(self.page.get_by_role("button", name="Expand Navigation")).to_be_visible()

    async def screenshot(self, path: Path, *, height: float, width: float = WIDTH) -> None:
        """Saves a picture of the top ``height`` pixels, in few colours for a small file."""
        clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": height}
        taken = await self.page.screenshot(clip=clip, animations="disabled")
        Image.open(BytesIO(taken)).quantize(64).save(path, optimize=True)
