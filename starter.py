"""The command line: send notifications, see where they stand, and resolve what got stuck.

Exit codes: 0, done; 1, the request failed; 2, the command line or a notification is wrong.
"""

import getpass
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn, TypeVar

import typer
from rich.progress import Progress

from console import file as notification_file
from console import options, output
from console.file import Line
from tidings import (
    Abandon,
    InvalidInputError,
    Notification,
    NotificationClient,
    NotificationState,
    Resend,
    SendResult,
    Status,
    TidingsError,
    connection,
)
from tidings.model import Model

M = TypeVar("M", bound=Model)

CHUNK: Final = 500
"""How many notifications of a file are sent at a time."""

app = typer.Typer(
    help=__doc__,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def send(
    notification_id: Annotated[str | None, options.option("The business key.", "--id")] = None,
    type_: Annotated[
        str | None, options.option("What happened, as dotted words.", "--type")
    ] = None,
    target: options.Target = None,
    body: options.Body = None,
    content_type: options.ContentType = None,
    header: options.Header = None,
    method: Annotated[str | None, options.option("POST (the default), PUT or PATCH.")] = None,
    retry: options.Retry = None,
    ack_status: options.AckStatus = None,
    ack_body: options.AckBody = None,
    timeout: Annotated[float | None, options.option("Of one attempt, in seconds.")] = None,
    not_before: options.NotBefore = None,
    expires_at: options.ExpiresAt = None,
    file: Annotated[
        Path | None, options.option("One JSON object, or many as JSON Lines; '-' is stdin.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Send one notification from options, or one or many from a file."""
    given = _given(
        id=notification_id,
        type=type_,
        target=target,
        body=body,
        content_type=content_type,
        header=header,
        method=method,
        retry=retry,
        ack_status=ack_status,
        ack_body=ack_body,
        timeout=timeout,
        not_before=not_before,
        expires_at=expires_at,
    )
    if file is None:
        notification = _valid(Notification, given)

        async def send_it(client: NotificationClient) -> int:
            return await _send_one(client, notification, as_json=as_json)

        _run(send_it)
    elif given:
        _refuse("--file says everything; leave the other options out")
    else:
        lines = _read(file)

        async def send_them(client: NotificationClient) -> int:
            return await _send_lines(client, lines, as_json=as_json)

        _run(send_them)


@app.command()
def state(notification_id: options.Id, as_json: options.AsJson = False) -> None:
    """Show the whole story of one notification."""

    async def show(client: NotificationClient) -> int:
        return _show_state(await client.state(notification_id), as_json=as_json)

    _run(show)


@app.command("list")
def list_(
    status: options.StatusFilter = None,
    target: options.TargetFilter = None,
    type_: options.TypeFilter = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    as_json: options.AsJson = False,
) -> None:
    """List notifications, the newest first."""

    async def show(client: NotificationClient) -> int:
        found = []
        async for each in client.list(status=status, target=target, type=type_):
            found.append(each)
            if len(found) == limit:
                break
        if as_json:
            output.print_json([each.to_json() for each in found])
        else:
            output.print_list(found)
        return 0

    _run(show)


@app.command()
def count(
    target: options.TargetFilter = None,
    type_: options.TypeFilter = None,
    as_json: options.AsJson = False,
) -> None:
    """Count the notifications of each status."""

    async def show(client: NotificationClient) -> int:
        counts = {
            each: await client.count(status=each, target=target, type=type_) for each in Status
        }
        if as_json:
            output.print_json(counts)
        else:
            output.print_counts(counts)
        return 0

    _run(show)


@app.command()
def resend(
    notification_id: options.Id,
    operator: options.Operator = None,
    reason: options.Reason = None,
    target: options.Target = None,
    body: options.Body = None,
    content_type: options.ContentType = None,
    header: options.Header = None,
    retry: options.Retry = None,
    ack_status: options.AckStatus = None,
    ack_body: options.AckBody = None,
    expires_at: options.ExpiresAt = None,
    even_if_expired: Annotated[
        bool, typer.Option("--even-if-expired", help="Send it although it has expired.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Begin a new round, as it is, or corrected by the options that are given."""
    given = _given(
        operator=operator or getpass.getuser(),
        reason=reason,
        target=target,
        body=body,
        content_type=content_type,
        header=header,
        retry=retry,
        ack_status=ack_status,
        ack_body=ack_body,
        expires_at=expires_at,
        even_if_expired=even_if_expired or None,
    )
    correction = _valid(Resend, given)

    async def resend_it(client: NotificationClient) -> int:
        return _show_state(await client.resend(notification_id, correction), as_json=as_json)

    _run(resend_it)


@app.command()
def abandon(
    notification_id: options.Id,
    operator: options.Operator = None,
    reason: options.Reason = None,
    as_json: options.AsJson = False,
) -> None:
    """Give a notification up."""
    given = _given(operator=operator or getpass.getuser(), reason=reason)
    abandonment = _valid(Abandon, given)

    async def abandon_it(client: NotificationClient) -> int:
        return _show_state(await client.abandon(notification_id, abandonment), as_json=as_json)

    _run(abandon_it)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a notification."""
    output.print_json(Notification.model_json_schema())


async def _send_one(
    client: NotificationClient, notification: Notification, *, as_json: bool
) -> int:
    receipt = await client.send(notification)
    if as_json:
        output.print_json({"id": receipt.id, "created": receipt.created})
    else:
        output.print_receipt(receipt)
    return 0


async def _send_lines(client: NotificationClient, lines: list[Line], *, as_json: bool) -> int:
    results: list[SendResult] = []
    with Progress(console=output.err, disable=as_json, transient=True) as progress:
        task = progress.add_task("sending", total=len(lines))
        for start in range(0, len(lines), CHUNK):
            chunk = [line.content for line in lines[start : start + CHUNK]]
            results += await client.send_many(chunk, progress=lambda _: progress.advance(task))
    if as_json:
        output.print_json([output.result_json(*each) for each in zip(lines, results, strict=True)])
    else:
        output.print_results(zip(lines, results, strict=True))
    return 1 if any(result.error is not None for result in results) else 0


def _show_state(state: NotificationState, *, as_json: bool) -> int:
    if as_json:
        output.print_json(state.to_json())
    else:
        output.print_state(state)
    return 0


# What reads the command line ends with exit code 2 where it breaks a rule.


def _given(**fields: object) -> dict[str, Any]:
    try:
        return options.given(**fields)
    except InvalidInputError as error:
        _refuse(error)


def _valid(model: type[M], given: dict[str, Any]) -> M:
    try:
        return model.model_validate(given)
    except InvalidInputError as error:
        _refuse(error)


def _read(file: Path) -> list[Line]:
    try:
        return notification_file.read(file)
    except InvalidInputError as error:
        _refuse(error)


def _refuse(problem: object) -> NoReturn:
    output.print_error(problem)
    raise typer.Exit(2)


def _run(command: Callable[[NotificationClient], Awaitable[int]]) -> NoReturn:
    """Runs a command with a connected client, and ends this process with its exit code."""

    async def main() -> int:
        try:
            return await command(await NotificationClient.connect())
        except TidingsError as error:
            output.print_error(error)
            return 1

    connection.run(main())


if __name__ == "__main__":
    app()
