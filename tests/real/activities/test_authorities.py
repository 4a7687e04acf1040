"""The certificate authorities that are trusted, tried with a real handshake."""

from pathlib import Path

import pytest

from activities.egress.rules import EgressRules
from activities.http.exchange import new_client
from activities.http.transport import GuardedTransport
from tests.support.certificates import Authority
from tests.support.raw_receiver import Recorder, no_answer, post, receiving
from tidings import FailureKind

RULES = EgressRules.parse("localhost")


@pytest.fixture
def own(tmp_path: Path) -> Authority:
    """An authority that nothing names yet."""
    (tmp_path / "own").mkdir()
    return Authority.make(tmp_path / "own")


@pytest.mark.parametrize("place", ["file", "directory"])
async def test_case_11_an_own_authority_is_added(
    own: Authority, authority: Authority, place: str
) -> None:
    """The authority of ``SSL_CERT_FILE`` stays trusted."""
    ca = own.file if place == "file" else own.directory
    async with new_client(GuardedTransport(RULES, ca=ca)) as client:
        for issuer in (own, authority):
            async with receiving(Recorder(), tls=issuer.server("localhost")) as at:
                assert (await post(client, f"https://localhost:{at.port}/")).body == b"ok"


async def test_case_11_another_authority_is_not_trusted(own: Authority) -> None:
    async with (
        receiving(Recorder(), tls=own.server("localhost")) as at,
        new_client(GuardedTransport(RULES)) as client,
    ):
        error = await no_answer(client, f"https://localhost:{at.port}/")
    assert error.kind is FailureKind.CONNECTION
    assert error.detail.startswith(f"cannot trust localhost:{at.port}: ")
