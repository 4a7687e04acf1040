"""The SDK's text on a failed connection, and our error for it."""

from typing import Final

import pytest

from tidings.errors import (
    InvalidInputError,
    TemporalRequestError,
    TemporalUnavailableError,
    TidingsError,
)
from tidings.temporal.connect_failure import explained, unreachable

ADDRESS: Final = "temporal.internal:7233"
CONNECT: Final = (
    "Failed client connect: Server connection error: tonic::transport::Error(Transport, {})"
)
CALL: Final = (
    "Failed client connect: `get_system_info` call error after connection: Status {{ {}, "
    'metadata: MetadataMap {{ headers: {{"content-type": "application/grpc"}} }}, source: None }}'
)
TLS: Final = CONNECT.format("ConnectError(Custom {{ kind: InvalidData, error: {} }})")


@pytest.mark.parametrize(
    ("failure", "kind", "fragments"),
    [
        (
            CALL.format('code: Unauthenticated, message: "Request \\"x\\" unauthorized."'),
            TemporalRequestError,
            [f"Temporal at {ADDRESS} refused this client: ", 'x\\\\" unauth', "TEMPORAL_API_KEY"],
        ),
        (
            CALL.format('code: PermissionDenied, message: "Denied."'),
            TemporalRequestError,
            ["refused this client: 'Denied.'; check", "TEMPORAL_NAMESPACE"],
        ),
        (
            CALL.format('code: PermissionDenied, message: "dns error"'),
            TemporalRequestError,
            ["refused this client: 'dns error'"],
        ),
        (
            CALL.format('code: Unavailable, message: "no healthy upstream"'),
            TemporalUnavailableError,
            [f"no Temporal server answers at {ADDRESS}", "make run", "TEMPORAL_ADDRESS"],
        ),
        (
            CONNECT.format(
                'ConnectError(ConnectError("tcp connect error", 127.0.0.1:1, Os { code: 111, '
                'kind: ConnectionRefused, message: "Connection refused" }))'
            ),
            TemporalUnavailableError,
            [f"no Temporal server answers at {ADDRESS}"],
        ),
        (
            CONNECT.format(
                'ConnectError(ConnectError("dns error", Custom { kind: Uncategorized }))'
            ),
            TemporalUnavailableError,
            [f"no Temporal server answers at {ADDRESS}"],
        ),
        (
            CONNECT.format("PrivateKeyParseError"),
            InvalidInputError,
            ["'PrivateKeyParseError'", "TEMPORAL_TLS_CLIENT_CERT_PATH", "CLIENT_KEY_PATH"],
        ),
        (
            CONNECT.format("InconsistentKeys(KeyMismatch)"),
            InvalidInputError,
            ["client certificate", "'InconsistentKeys'"],
        ),
        (
            "Must have both client cert and private key or neither",
            InvalidInputError,
            ["'Must have both client cert and private key or neither'"],
        ),
        (
            TLS.format("InvalidCertificate(UnknownIssuer)"),
            TemporalUnavailableError,
            ["not accepted: 'UnknownIssuer'", "TEMPORAL_TLS_SERVER_CA_CERT_PATH"],
        ),
        (
            TLS.format("InvalidCertificate(Other(OtherError(CaUsedAsEndEntity)))"),
            TemporalUnavailableError,
            ["not accepted: 'CaUsedAsEndEntity'", "TEMPORAL_TLS_SERVER_NAME"],
        ),
        (
            TLS.format("InvalidMessage(InvalidContentType)"),
            TemporalUnavailableError,
            [f"the server at {ADDRESS} does not speak TLS", "TEMPORAL_TLS=false"],
        ),
        (
            CALL.format('code: Unknown, message: "transport error"'),
            TemporalUnavailableError,
            [f"the server at {ADDRESS} is not a Temporal server", "TEMPORAL_TLS=true"],
        ),
        (
            "Failed client connect: Invalid URI:\nInvalidUri(InvalidUriChar)",
            TemporalUnavailableError,
            ["no connection", "InvalidUriChar", "TEMPORAL_*"],
        ),
        ("", TemporalUnavailableError, ["no connection"]),
    ],
)
def test_the_message_has_cause_and_setting_in_a_line(
    failure: str, kind: type[TidingsError], fragments: list[str]
) -> None:
    error = explained(ADDRESS, failure)
    assert type(error) is kind
    for fragment in fragments:
        assert fragment in str(error)
    assert "\n" not in str(error)


def test_a_long_cause_is_cut_to_a_line() -> None:
    message = str(
        explained(ADDRESS, CALL.format(f'code: PermissionDenied, message: "{"x" * 10_000}"'))
    )
    assert len(message) < 400


def test_a_server_is_to_be_started_only_if_none_answers() -> None:
    assert "make run" in str(unreachable(ADDRESS))
    assert "make run" not in str(explained(ADDRESS, TLS.format("InvalidMessage(x)")))
