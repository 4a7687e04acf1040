"""The patterns of credentials: which names and values they match, and how fast."""

import time
from typing import Final

import pytest

from tidings.credentials import is_credential, is_credential_name, is_key

NAMES: Final = [
    *("Authorization", "authorization", "AUTHORIZATION", "X-Authorization", "Authorisation"),
    *("X-Forwarded-Authorization", "Authentication", "X-Authentication", "X-Auth", "auth"),
    *("X-OAuth", "X-Basic-Auth", "X-Sentry-Auth", "X-ZUMO-AUTH", "X-Firebase-Auth"),
    *("Cookie", "Cookie2", "Set-Cookie", "X-Cookie", "X-Session-Cookies"),
    *("Token", "X-Token", "token2", "X-Auth-Token", "XAuthToken", "auth_token", "x.token"),
    *("X-Access-Token", "AccessToken", "X-Shopify-Access-Token", "X-Amz-Security-Token"),
    *("PRIVATE-TOKEN", "JOB-TOKEN", "X-Gitlab-Token", "Circle-Token", "X-Vault-Token"),
    *("X-Postmark-Server-Token", "X-CSRF-Token", "X-Line-ChannelToken", "aeg-sas-token"),
    *("X-Telegram-Bot-Api-Secret-Token", "X-VTEX-API-AppToken", "Refresh-Token", "X-Id-Token"),
    *("X-API-Key", "Api-Key", "apikey", "X-ApiKey", "api_key", "X-API-Key-2", "X-Api-Key-V2"),
    *("X-RapidAPI-Key", "DD-API-KEY", "X-Goog-Api-Key", "X-NuGet-ApiKey", "X-Api-Key-Value"),
    *("DD-APPLICATION-KEY", "X-App-Key", "AppKey", "X-Application-Key", "X-Access-Key"),
    *("Ocp-Apim-Subscription-Key", "x-functions-key", "aeg-sas-key", "X-Auth-Key"),
    *("X-Parse-Master-Key", "X-Parse-REST-API-Key", "X-Admin-Key", "X-Service-Key"),
    *("X-Merchant-Key", "MerchantKey", "X-Server-Key", "X-Private-Key", "X-Signing-Key"),
    *("X-Encryption-Key", "X-License-Key", "X-Insert-Key", "X-User-Key", "X-Session-Key"),
    *("X-Secret", "X-Secret-Key", "X-Client-Secret", "AppSecret", "X-Webhook-Secret"),
    *("X-Hasura-Admin-Secret", "X-Shared-Secret", "X-Secrets", "X-Amz-Credential"),
    *("X-Credentials", "X-Password", "X-Passwd", "X-User-Password", "password", "X-PWD"),
    *("X-Auth-Pass", "X-User-Pass", "X-Passphrase", "X-Passcode", "X-GitHub-OTP", "X-TOTP"),
    *("X-JWT", "X-Goog-Iap-Jwt-Assertion", "PayPal-Auth-Assertion", "X-Bearer", "jwt"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_header_name_of_credentials_is_one(name: str) -> None:
    assert is_credential_name(name)


# Each stands here in two parts, so that tools which look for secrets do not find them.
TOKENS: Final = [
    ("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
    ("token=eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxIn0.c2lnbmF0dXJl; x"),
    ("whsec", "_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ("whsec", "_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
    ("whsk", "_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc="),
    ("sk", "_live_0123456789abcdefghijklmn"),
    ("rk", "_test_0123456789abcdefghijklmn"),
    ("sk", "-proj-0123456789abcdefghijklmn"),
    ("ghp", "_0123456789abcdefghijklmnopqrstuvwxyz"),
    ("github", "_pat_0123456789abcdefghijklmn"),
    ("glpat", "-0123456789abcdefghij"),
    ("xoxb", "-0123456789-abcdefghij"),
    ("ya29", ".0123456789abcdefghij"),
    ("key=AIza", "0123456789abcdefghijklmnopqrstuvwxy"),
    ("AKIA", "0123456789ABCDEF"),
    ("ASIA", "0123456789ABCDEF"),
    ("LTAI", "5tAbCdEfGhIjKlMnOpQr"),
    ("SG", ".0123456789abcdefghij.0123456789abcdefghij"),
    ("shpat", "_0123456789abcdef0123456789abcdef"),
    ("hvs", ".0123456789abcdefghij"),
    ("key", "-0123456789abcdef0123456789abcdef"),
    ("-----BEGIN RSA PRIV", "ATE KEY----- MIIE"),
    ("-----BEGIN PRIV", "ATE KEY-----"),
    ("https://user", ":opensesame@orders.example.com/"),
]
SCHEMES: Final = [
    ("Bearer", " opensesame"),
    ("bearer", " 0123456789abcdef"),
    ("Basic", " dXNlcjpwYXNzd29yZA=="),
    ("basic", "  YWxhZGRpbjpvcGVuc2VzYW1l"),
    ("Token", " 0123456789abcdef0123456789abcdef01234567"),
    ("ApiKey", " VnVhQ2ZHY0JDZGJrU"),
    ("Api-Key", " VnVhQ2ZHY0JDZGJrU"),
    ("GenieKey", " 01234567-89ab-cdef-0123-456789abcdef"),
    ("SSWS", " 00QCjAl4MlV-WPXM"),
    ("Splunk", " 01234567-89ab-cdef-0123-456789abcdef"),
    ("DeepL-Auth-Key", " 01234567-89ab-cdef-0123-456789abcdef:fx"),
    ("Zoho-oauthtoken", " 1000.8cb99dxxxx"),
    ("Negotiate", " YIIJvwYGKwYBBQUCoIIJszCC"),
    ("NTLM", " TlRMTVNTUAABAAAAB4IIogAAAAA="),
    ("Digest", ' username="li", realm="orders"'),
    ("OAuth", ' oauth_consumer_key="0685bd9184jfhq22"'),
    ("Hawk", ' id="dh37fgj492je", ts="1353832234"'),
    ("AWS4-HMAC-SHA256", " Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request"),
    ("SharedAccessSignature", " sr=orders&sig=abc&se=1&skn=root"),
    ("SharedKey", " account:c2lnbmF0dXJl"),
]


@pytest.mark.parametrize(("beginning", "rest"), [*TOKENS, *SCHEMES])
def test_a_credential_is_recognized(beginning: str, rest: str) -> None:
    assert is_credential(beginning + rest)


@pytest.mark.parametrize(
    "name",
    [
        *("X-Author", "X-Authority", "X-Co-Authored-By", "X-Authenticated-User", "X-Auth-Method"),
        *("X-Auth-Time", "X-Authorization-Id", "X-Authorization-Amount", "X-Authentication-Level"),
        *("Idempotency-Key", "X-Idempotency-Key", "Idempotency-Token", "X-Event-Key"),
        *("X-Key", "X-Key-Id", "X-Api-Key-Id", "X-Public-Key", "X-Partition-Key", "Surrogate-Key"),
        *("X-Routing-Key", "X-Order-Key", "X-Cache-Key", "X-Dedup-Key", "X-Turkey", "X-Keyword"),
        *("X-Ca-Key", "Sec-WebSocket-Key", "X-Tokenizer", "X-Token-Type", "X-Token-Count"),
        *("X-Total-Tokens", "X-Continuation-Token", "X-Next-Page-Token", "X-Atlassian-Token"),
        *("X-Secretary", "X-Secret-Version", "X-Password-Changed-At", "X-Cookie-Consent"),
        *("X-Session-Id", "X-Client-Id", "X-App-Id", "X-Api-Version", "X-User", "X-User-Id"),
        *("X-Access-Level", "X-Security-Level", "X-Subscription-Id", "X-Boarding-Pass"),
        *("X-Request-Id", "X-Correlation-Id", "X-Trace", "X-B3-TraceId", "X-Trace-Id"),
        *("traceparent", "tracestate", "baggage", "Accept", "Accept-Language", "Date", "ETag"),
        *("X-Signature", "X-Hub-Signature-256", "X-GitHub-Event", "X-Shopify-Topic"),
        *("X-Tenant-Id", "X-Account-Id", "X-Merchant-Id", "Wechatpay-Serial", "X-Bypass"),
    ],
)
def test_an_innocent_name_is_not_a_credential(name: str) -> None:
    assert not is_credential_name(name)
    assert not is_credential(name)


@pytest.mark.parametrize(
    "value",
    [
        "basic plan",
        "Basic Membership",
        "basic",
        "Basic, with support",
        "Bearer of good news",
        "token generated",
        "Token Generated",
        "digest weekly",
        "asiapacificregion",
        "sk_bratislava_region",
        "sec_overview_of_orders",
        "SK-2024-RED-LARGE-COTTON-SHIRT",
        "sk-red-large-cotton-shirt",
        "desk-0123456789abcdefghijklmn",
        "01234567-89ab-cdef-0123-456789abcdef",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        '"33a64df551425fcc55e4d42a148795d9f25f89d4"',
        "sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=",
        "t=1614265330,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff",
        "Thu, 01 Jan 2026 00:00:00 GMT",
        "https://orders.example.com:8443/notify?mail=li@example.com",
        "li@example.com",
        "1.2.3",
        "-----BEGIN CERTIFICATE-----",
        "",
    ],
)
def test_an_innocent_value_is_not_a_credential(value: str) -> None:
    assert not is_credential(value)


RANDOM: Final = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
UUID: Final = "550e8400-e29b-41d4-a716-446655440000"


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"whsec_{RANDOM}",
            "whsec_",
            f"whsk_{RANDOM}",
            f"whsec_{RANDOM * 50}",
            f"my-whsk_{RANDOM}",
        ),
        *(f"whsec_{RANDOM}\n", f"v1,whsec_{RANDOM}", f" WHSEC_{RANDOM}", RANDOM, f"{RANDOM}+/="),
    ],
)
def test_a_signing_key_is_recognized(text: str) -> None:
    assert is_key(text)


@pytest.mark.parametrize("text", ["orders", "a.b", "x" * 100, "whsec", "my-whsk", UUID])
def test_the_name_of_a_key_is_not_a_key(text: str) -> None:
    assert not is_key(text)


@pytest.mark.parametrize(
    "part", ["a", "eyJ", "://a:", "token", "bearer ", "sk-", "-----BEGIN ", "A ", "-", "basic  "]
)
def test_a_search_for_credentials_is_fast(part: str) -> None:
    """A search runs in the worker's update validator, which must not stand still."""
    long = part * 1_000_000
    began = time.process_time()
    for search in (is_credential, is_credential_name, is_key):
        search(long)
    assert time.process_time() - began < 0.5
