"""The certificate authorities that targets and proxies are trusted by."""

import os
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import certifi

from tidings.errors import InvalidInputError

CA: Final = "TIDINGS_CA"
"""The setting that names further authorities."""

_SUFFIXES: Final = frozenset({".pem", ".crt", ".cer"})


def tls_context(ca: Path | None = None) -> ssl.SSLContext:
    """The TLS of all connections, alike on Python 3.11 to 3.14.

    Trusted are the authorities of certifi and of the system, those of ``ca``, and those of
    ``SSL_CERT_FILE`` and ``SSL_CERT_DIR``. Each adds to the others, and nothing takes authorities
    away. ``ca`` is a PEM file, or a directory with PEM files. A certificate of it is trusted even
    if it is an intermediate one. Raises ``InvalidInputError`` if named certificates cannot be read.
    """
    # ssl.create_default_context() would set VERIFY_X509_STRICT from Python 3.13 on, which refuses
    # the certificates of many private authorities.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cafile=certifi.where())
    _load_of_system(context)
    for name, load in (("SSL_CERT_FILE", "cafile"), ("SSL_CERT_DIR", "capath")):
        if path := os.environ.get(name):
            _load(context, f"{name}={path}", **{load: path})
    if ca is not None:
        for file in _files(ca):
            _load(context, f"{CA}={file}", cafile=str(file))
    return context


def _load_of_system(context: ssl.SSLContext) -> None:
    """Loads from the places that OpenSSL was built for, whatever its variables say.

    ``load_default_certs()`` would read ``SSL_CERT_FILE`` in their place.
    """
    paths = ssl.get_default_verify_paths()
    if os.path.isfile(paths.openssl_cafile):  # noqa: PTH113 -- OpenSSL's paths are texts
        context.load_verify_locations(cafile=paths.openssl_cafile)
    if os.path.isdir(paths.openssl_capath):  # noqa: PTH112
        context.load_verify_locations(capath=paths.openssl_capath)


def _files(ca: Path) -> Iterator[Path]:
    if not ca.is_dir():
        yield ca
        return
    files = sorted(file for file in ca.iterdir() if file.suffix in _SUFFIXES and file.is_file())
    if not files:
        raise InvalidInputError(f"{CA}={ca}: the directory has no file named *.pem, *.crt or *.cer")
    yield from files


def _load(context: ssl.SSLContext, setting: str, **location: str) -> None:
    try:
        context.load_verify_locations(**location)
    except OSError as error:  # ssl.SSLError is one too
        raise InvalidInputError(f"no certificates can be read ({setting}): {error}") from None
