"""Sending again what has ended: a new run of the same workflow id, which carries the story on.

A workflow that has ended takes no signal. Its successor begins with all that it knew, so the
notification keeps its id, its attempts, its interventions and its reports.
"""

import secrets
import uuid
from datetime import UTC, datetime
from typing import Final

from temporalio.api.common.v1 import Memo, Payloads, Priority, WorkflowType
from temporalio.api.enums.v1 import WorkflowIdReusePolicy
from temporalio.api.sdk.v1 import UserMetadata
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import StartWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionDescription
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.converter import encode_search_attributes
from temporalio.service import RPCError, RPCStatusCode

from tidings import contract
from tidings.continuation import Continuation
from tidings.errors import InterventionRefusedError
from tidings.intervention import Resend
from tidings.notification import Notification
from tidings.state import NotificationState, Status
from tidings.temporal import calls, converter, history, read, visibility
from tidings.temporal.start import StartOptions, start_options

_MAX_SENT_BYTES: Final = 65_536
_MEMO_OPENING: Final = "reopening"
"""The name in the memo by which two clients learn whose start it was."""


async def reopen(
    client: Client,
    description: WorkflowExecutionDescription,
    state: NotificationState,
    ended: history.Ended,
    resend: Resend,
) -> NotificationState:
    """Begins a new round of a notification that has ended; its state after that.

    ``description``, ``state`` and ``ended`` are those of the run that has ended. Raises
    ``InterventionRefusedError`` if somebody else was faster.
    """
    continuation = Continuation(
        notification=ended.notification,
        state=state.model_copy(update={"complete": True}),
        origin=ended.origin.fingerprints,
        sent=_kept(ended),
        earlier_run=description.run_id,
    )
    corrected = resend.corrected(ended.notification)
    options = start_options(corrected, datetime.now(UTC))
    attributes = visibility.search_attributes(corrected, Status.DELIVERING)
    options["search_attributes"] = TypedSearchAttributes(
        [
            *attributes.search_attributes,
            SearchAttributePair(visibility.ACCEPTED_AT, state.accepted_at),
        ]
    )
    token = secrets.token_hex(8)
    options["memo"] |= {**visibility.later_memo(state.accepted_at), _MEMO_OPENING: token}
    async with calls.request(client, f"send {state.id!r} again"):
        if not await _is_started(client, continuation, resend, options, token):
            raise InterventionRefusedError(
                f"notification {state.id!r} is being sent again already; look at its state"
            )
    return await read.state(client, state.id)


def _kept(ended: history.Ended) -> Notification | None:
    """The notification as it was sent, if it is another one than at the end, and not too long.

    The start has to hold both, and Temporal accepts 2 MiB.
    """
    sent = ended.origin.notification
    if sent is None or not sent.differences(ended.notification):
        return None
    return sent if len(sent.model_dump_json().encode()) <= _MAX_SENT_BYTES else None


async def _is_started(
    client: Client, continuation: Continuation, resend: Resend, options: StartOptions, token: str
) -> bool:
    """Starts the successor of an ended run; False if somebody else has started one.

    Each successor of the same run has the same request id. Temporal starts one of them, even if
    that one has ended before the next one comes, and answers the others with it.
    """
    request = await _request(client, continuation, resend, options)
    try:
        started = await client.workflow_service.start_workflow_execution(request, retry=True)
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise
        return False
    handle = client.get_workflow_handle(options["id"], run_id=started.run_id)
    memo = await (await handle.describe()).memo()
    return memo.get(_MEMO_OPENING) == token


async def _request(
    client: Client, continuation: Continuation, resend: Resend, options: StartOptions
) -> StartWorkflowExecutionRequest:
    """The request for which ``Client.start_workflow`` has no argument: it needs a request id."""
    encode = client.data_converter.encode
    arguments = [
        converter.json_payload(continuation.to_json()),
        converter.json_payload(resend.to_json()),
    ]
    summary, details = await encode([options["static_summary"], options["static_details"]])
    memo = {name: (await encode([value]))[0] for name, value in options["memo"].items()}
    request = StartWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_id=options["id"],
        workflow_type=WorkflowType(name=contract.WORKFLOW_TYPE),
        task_queue=TaskQueue(name=contract.TASK_QUEUE),
        input=Payloads(payloads=await encode(arguments)),
        identity=client.identity,
        request_id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{continuation.earlier_run}")),
        workflow_id_reuse_policy=WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
        memo=Memo(fields=memo),
        priority=Priority(fairness_key=options["priority"].fairness_key or ""),
        user_metadata=UserMetadata(summary=summary, details=details),
    )
    request.workflow_task_timeout.FromTimedelta(options["task_timeout"])
    encode_search_attributes(options["search_attributes"], request.search_attributes)
    return request
