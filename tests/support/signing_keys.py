"""Keys that sign, and texts that are not keys."""

import hmac
from base64 import b64decode, b64encode
from typing import Final

HMAC_KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_HMAC_KEY = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
PRIVATE_KEY = (
    "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
)
SEED, PUBLIC = b64decode(PRIVATE_KEY[5:])[:32], b64decode(PRIVATE_KEY[5:])[32:]
SEED_ALONE = f"whsk_{b64encode(SEED).decode()}"

MARKER = "Tellnobody"
"""The secret in malformed keys; it is base64."""


def key_of(length: int, prefix: str = "whsec_") -> str:
    """A key of ``length`` bytes; its text has the marker if there is room for it."""
    secret = b64decode(MARKER + "AA")
    return prefix + b64encode((secret * 20)[:length]).decode()


def hmac_signature(secret: str, content: bytes = b"") -> str:
    """HMAC-SHA256 in hexadecimal, as the defaults of a table in a keyring make it."""
    return hmac.new(secret.encode(), content, "sha256").hexdigest()


NOT_KEYS: Final[list[tuple[object, str]]] = [
    ("", "it begins with neither whsec_ nor whsk_"),
    (MARKER, "it begins with neither whsec_ nor whsk_"),
    (f" whsec_{MARKER}", "it begins with neither whsec_ nor whsk_"),
    (f"WHSEC_{MARKER}", "it begins with neither whsec_ nor whsk_"),
    (f"whpk_{MARKER}", "it begins with neither whsec_ nor whsk_"),
    ("whsec_", "it has 0 bytes; 24 to 64 are needed"),
    (f"whsec_{MARKER}AA", "it has 9 bytes; 24 to 64 are needed"),
    (key_of(23), "it has 23 bytes; 24 to 64 are needed"),
    (key_of(65), "it has 65 bytes; 24 to 64 are needed"),
    (key_of(31, "whsk_"), "it has 31 bytes; 32 or 64 are needed"),
    (key_of(33, "whsk_"), "it has 33 bytes; 32 or 64 are needed"),
    (key_of(65, "whsk_"), "it has 65 bytes; 32 or 64 are needed"),
    ("whsk_", "it has 0 bytes; 32 or 64 are needed"),
    (key_of(64, "whsk_"), "its public half does not belong to its seed"),
    (f"whsk_{b64encode(PUBLIC + SEED).decode()}", "its public half does not belong to its seed"),
    (f"{key_of(24)}A", "what follows its prefix is not base64"),
    (f"{key_of(24)}\n", "what follows its prefix is not base64"),
    (f"{key_of(24)} ", "what follows its prefix is not base64"),
    (f"{key_of(24)}-_-_", "what follows its prefix is not base64"),
    (f"{key_of(24)}\x00", "what follows its prefix is not base64"),
    (f"{key_of(24)}城", "what follows its prefix is not base64"),
    (f"{key_of(24)}\ud800", "what follows its prefix is not base64"),
    (f"{key_of(25)}{key_of(25)[6:]}", "what follows its prefix is not base64"),
    (f"whsec_whsec_{MARKER}", "what follows its prefix is not base64"),
    (f"whsec_{MARKER}%%", "what follows its prefix is not base64"),
    (MARKER.encode(), "it is not text"),
    (3, "it is not text"),
    (None, "it is not text"),
    ([MARKER], "it is not text"),
    ({MARKER: MARKER}, "it is not text"),
]
"""Values that are not keys, each with the message about it."""
