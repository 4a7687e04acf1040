"""The patterns of credentials: add a new one here; pure.

A match is probably a credential, and no proof. The patterns have two uses: ``policy`` refuses a
match when it is sent, and messages conceal it.
"""

import re
from typing import Final

_CREDENTIAL_NAME: Final = re.compile(
    # The end of a name counts: X-Auth-Token holds a credential, X-Token-Count does not.
    r"(?:(?<!idempotency[-_.])(?<!continuation[-_.])(?<!page[-_.])(?<!atlassian[-_.])token"
    r"|(?:secret|credential|cookie|password)s?|passwd|api[-_.]?key"
    r"|(?:^|[-_.])(?:"
    r"authori[sz]ation|authentication|o?auth|assertion|bearer|jwt|pwd|passphrase|passcode|t?otp"
    r"|(?:auth|client|user)[-_.]?pass"
    r"|(?:app|application|access|account|admin|auth|client|developer|encryption|functions|hmac"
    r"|ingest|insert|integration|license|master|merchant|private|sas|secret|security|server"
    r"|service|session|shared|signing|subscription|user|write)[-_.]?key"
    r"))(?:[-_.]?(?:v?[0-9]{1,2}|value))?\Z",
    re.IGNORECASE,
)
_CREDENTIAL_SCHEME: Final = re.compile(
    # The values of an Authorization header, which people also put into other headers.
    r"bearer +[^\s,]{8,}\Z"
    # In "Basic Membership" no capital or digit comes after the first letter; in base64 one does.
    r"|(?:basic|negotiate|ntlm|splunk|ssws|geniekey|[\w-]{0,20}(?:api-?key|auth-key|token))"
    r" +(?=[^\s,]+(?-i:[A-Z0-9=]))[^\s,]{8,}\Z"
    r"|(?:digest|hawk|oauth) +\w+ *="
    r"|(?:sharedaccesssignature|sharedkey(?:lite)?|aws4-hmac-sha256) ",
    re.IGNORECASE,
)
_CREDENTIAL_VALUE: Final = re.compile(
    # Secrets whose prefix exists to be recognized, anywhere in a value.
    r"(?<![\w-])(?:"
    r"eyJ[\w-]{5,}\.[\w-]{5,}\."  # a JSON Web Token (RFC 7519)
    r"|(?:whsec|whsk|mtsec|mtsk)_[\w+/=-]{8}"  # Standard Webhooks
    r"|[rs]k_(?:live|test|prod)_\w{8}|sk-(?:proj|ant)-[\w-]{20}|sk[-_][0-9A-Za-z]{20}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{12}|LTAI[0-9A-Za-z]{12}|AKID[0-9A-Za-z]{13}"
    r"|AIza[\w-]{20}|ya29\.[\w-]{8}"
    r"|gh[opsur]_\w{16}|github_pat_\w{16}|glpat-[\w-]{8}|npm_\w{20}|hvs\.[\w-]{8}"
    r"|xox[a-z]-[\w-]{8}|xapp-[\w-]{8}|SG\.[\w-]{16,}\.|key-[0-9a-f]{32}"
    r"|shp(?:at|ss|ca|pa)_[0-9A-Za-z]{16}|sq0[a-z]{3}-[\w-]{16}|APP_USR-[\w-]{8}"
    r")"
    r"|-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY"
    r"|://[^/\s:@]{0,100}:[^/\s@]{1,200}@"  # a user's password in a URL
)
_KEY_ITSELF: Final = re.compile(
    r"(?i:whsec_|whsk_)"  # the prefixes of Standard Webhooks
    # Base64 of the 24 bytes that a key has at least, without its prefix. A UUID does not match.
    r"|(?=[A-Z0-9]{0,31}[a-z])(?=[a-z0-9]{0,31}[A-Z])(?=[A-Za-z]{0,31}[0-9])[A-Za-z0-9]{32}"
)
_MAX_SEARCHED: Final = 10_000
"""Characters. Anybody may send megabytes, and searching them would stop the worker."""


def is_credential_name(name: str) -> bool:
    """True if a header of this name probably holds a credential."""
    return _CREDENTIAL_NAME.search(name[-_MAX_SEARCHED:]) is not None


def is_credential(text: str) -> bool:
    """True if ``text`` probably is a credential, or holds one."""
    searched = text[:_MAX_SEARCHED]
    return bool(_CREDENTIAL_SCHEME.match(searched) or _CREDENTIAL_VALUE.search(searched))


def is_key(text: str) -> bool:
    """True if ``text`` is probably a signing key, and not the name of one."""
    return _KEY_ITSELF.search(text[:_MAX_SEARCHED]) is not None
