"""A FastAPI application that takes notifications, without a server."""

from collections.abc import AsyncIterator
from typing import Any, Final, cast

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from examples import fastapi_app
from tests.support.samples import notification, notification_json
from tidings import (
    InvalidInputError,
    Notification,
    NotificationClient,
    NotificationConflictError,
    Receipt,
    TemporalUnavailableError,
    TidingsError,
)

FRAGMENT: Final[dict[str, Any]] = notification_json(target="https://orders.example.com/#paid")


class Order(BaseModel):
    """A body with a notification in it."""

    number: int
    notice: Notification


app: Final = FastAPI()


@app.post("/alone")
async def alone(notification: Notification) -> str:
    return notification.authority


@app.post("/nested")
async def nested(order: Order) -> str:
    return order.notice.authority


@app.post("/list")
async def in_a_list(notifications: list[Notification]) -> str:
    return notifications[-1].authority


BODIES: Final[dict[str, Any]] = {
    "alone": lambda fields: fields,
    "nested": lambda fields: {"number": 5, "notice": fields},
    "list": lambda fields: [notification_json(), fields],
}
LOCATIONS: Final[dict[str, list[Any]]] = {
    "alone": ["body", "target"],
    "nested": ["body", "notice", "target"],
    "list": ["body", 1, "target"],
}


async def post(application: FastAPI, path: str, body: object) -> httpx.Response:
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.post(path, json=body)


@pytest.mark.parametrize("place", BODIES)
async def test_a_good_notification_arrives(place: str) -> None:
    answer = await post(app, f"/{place}", BODIES[place](notification_json(retry="wechat")))
    assert (answer.status_code, answer.json()) == (200, "orders.example.com:443")


@pytest.mark.parametrize("place", BODIES)
async def test_case_14_a_bad_one_is_answered_with_422(place: str) -> None:
    answer = await post(app, f"/{place}", BODIES[place](FRAGMENT))
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == LOCATIONS[place]
    assert "a fragment (#…) is never sent to a target; leave it out" in problem["msg"]


@pytest.mark.parametrize("place", BODIES)
async def test_case_14_disagreeing_fields_are_answered_422(place: str) -> None:
    answer = await post(app, f"/{place}", BODIES[place](notification_json(report_signing_key="a")))
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == LOCATIONS[place][:-1]
    assert "report_signing_key signs what goes to report_to" in problem["msg"]


async def test_the_documentation_shows_the_fields() -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        schemas = (await client.get("/openapi.json")).json()["components"]["schemas"]
    fields = schemas["Notification"]["properties"]
    assert set(fields) == set(Notification.model_fields)
    assert all(field.get("description") for field in fields.values())


# The example.


class Sender:
    """A client that keeps what it gets, or refuses it."""

    def __init__(self) -> None:
        self.sent: list[Notification] = []
        self.error: TidingsError | None = None

    async def send(self, notification: Notification) -> Receipt:
        if self.error is not None:
            raise self.error
        self.sent.append(notification)
        return Receipt(id=notification.id, created=True)


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    sender = Sender()
    overrides = fastapi_app.app.dependency_overrides
    overrides[fastapi_app.notification_client] = lambda: cast("NotificationClient", sender)
    yield sender
    overrides.clear()


async def test_the_example_hands_a_notification_over(sender: Sender) -> None:
    answer = await post(fastapi_app.app, "/notifications", notification_json(body={"a": 1}))
    assert (answer.status_code, answer.json()) == (202, {"created": True})
    assert sender.sent == [notification(body={"a": 1})]


async def test_the_example_answers_422_with_our_message(sender: Sender) -> None:
    answer = await post(fastapi_app.app, "/notifications", FRAGMENT)
    assert answer.status_code == 422
    assert "leave it out" in answer.json()["detail"][0]["msg"]
    assert sender.sent == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInputError("a credential"), 422),
        (NotificationConflictError("other content"), 409),
        (TemporalUnavailableError("no answer"), 503),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_the_example_answers_an_error(
    sender: Sender, error: TidingsError, status: int
) -> None:
    sender.error = error
    answer = await post(fastapi_app.app, "/notifications", notification_json())
    assert (answer.status_code, answer.json()) == (status, {"detail": str(error)})
