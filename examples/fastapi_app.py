"""A web application that takes notifications and hands them over: ``fastapi run``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request

from tidings import (
    InvalidInputError,
    Notification,
    NotificationClient,
    NotificationConflictError,
    TidingsError,
)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.notifications = await NotificationClient.connect()
    yield


def notification_client(request: Request) -> NotificationClient:
    client: NotificationClient = request.app.state.notifications
    return client


app = FastAPI(lifespan=lifespan)
STATUSES = {InvalidInputError: 422, NotificationConflictError: 409}


@app.post("/notifications", status_code=202)
async def send(
    notification: Notification, client: Annotated[NotificationClient, Depends(notification_client)]
) -> dict[str, bool]:
    try:
        return {"created": (await client.send(notification)).created}
    except TidingsError as error:
        raise HTTPException(STATUSES.get(type(error), 503), detail=str(error)) from error
