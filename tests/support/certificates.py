"""A certificate authority for the tests, and certificates of servers, good and bad."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A certificate authority, trusted by whoever trusts ``file``."""

    directory: Path
    name: x509.Name
    key: EllipticCurvePrivateKey

    @classmethod
    def make(cls, directory: Path) -> Self:
        authority = cls(directory=directory, name=_named("Authority"), key=new_key(SECP256R1()))
        signs = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        certificate = (
            authority._certificate(authority.name, authority.key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(signs, critical=True)
            .sign(authority.key, SHA256())
        )
        authority.file.write_bytes(certificate.public_bytes(Encoding.PEM))
        return authority

    @property
    def file(self) -> Path:
        """Its own certificate, as a PEM file."""
        return self.directory / "authority.pem"

    def server(
        self, *names: str, self_signed: bool = False, age: timedelta = timedelta(0)
    ) -> ssl.SSLContext:
        """The TLS of a server of these names and addresses, with a certificate for a day."""
        key = new_key(SECP256R1())
        subject = _named(names[0])
        known = x509.SubjectAlternativeName([_general(name) for name in names])
        signer = Authority(directory=self.directory, name=subject, key=key) if self_signed else self
        certificate = (
            signer._certificate(subject, key, age)
            .add_extension(known, critical=False)
            .sign(signer.key, SHA256())
        )
        file = self.directory / "server.pem"
        file.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + certificate.public_bytes(Encoding.PEM)
        )
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        return context

    def _certificate(
        self, subject: x509.Name, key: EllipticCurvePrivateKey, age: timedelta = timedelta(0)
    ) -> x509.CertificateBuilder:
        made = datetime.now(UTC) - age
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(made - timedelta(hours=12))
            .not_valid_after(made + timedelta(hours=12))
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(identifier, critical=False)
        )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
