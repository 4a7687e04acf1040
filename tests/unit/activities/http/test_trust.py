"""The certificate authorities that are trusted, as the TLS context lists them."""

import ssl
from pathlib import Path

import pytest

from activities.http.trust import tls_context
from tests.support.certificates import Authority
from tidings import InvalidInputError


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)


@pytest.fixture
def own(tmp_path: Path) -> Authority:
    (tmp_path / "own").mkdir()
    return Authority.make(tmp_path / "own")


def authorities(context: ssl.SSLContext) -> set[bytes]:
    return set(context.get_ca_certs(binary_form=True))


def only(file: Path) -> bytes:
    return ssl.PEM_cert_to_DER_cert(file.read_text())


def test_case_11_an_authority_is_added_to_the_usual_ones(own: Authority) -> None:
    usual = authorities(tls_context())
    assert len(usual) > 50
    for ca in (own.file, own.directory):
        assert authorities(tls_context(ca)) == usual | {only(own.file)}


def test_case_11_ssl_cert_file_takes_no_authority_away(
    own: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = authorities(tls_context())
    monkeypatch.setenv("SSL_CERT_FILE", str(own.file))
    assert authorities(tls_context()) == usual | {only(own.file)}


def test_case_11_ssl_cert_dir_takes_no_authority_away(
    own: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = authorities(tls_context())
    monkeypatch.setenv("SSL_CERT_DIR", str(own.directory))
    assert authorities(tls_context()) == usual


def test_a_directory_may_hold_other_files_too(own: Authority) -> None:
    (own.directory / "README").write_text("not a certificate")
    (own.directory / "..data").mkdir()
    assert only(own.file) in authorities(tls_context(own.directory))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"\(TIDINGS_CA=.*/ca\.pem\): .*No such file"):
        tls_context(tmp_path / "ca.pem")


def test_a_directory_without_certificates_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"TIDINGS_CA=.*: .* no file named \*\.pem"):
        tls_context(tmp_path)


def test_a_bad_file_in_a_directory_is_named(own: Authority) -> None:
    bad = own.directory / "bad.pem"
    bad.write_text("x")
    with pytest.raises(InvalidInputError, match=r"\(TIDINGS_CA=.*/bad\.pem\)"):
        tls_context(own.directory)


def test_a_missing_ssl_cert_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with pytest.raises(InvalidInputError, match=r"SSL_CERT_FILE=.*ca\.pem"):
        tls_context()


def test_tls_is_alike_on_every_python() -> None:
    """From 3.13 on, ``ssl.create_default_context()`` is stricter."""
    context = tls_context()
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_flags == ssl.VERIFY_X509_TRUSTED_FIRST | ssl.VERIFY_X509_PARTIAL_CHAIN
