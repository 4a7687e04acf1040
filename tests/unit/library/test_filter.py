"""The decision of a filter on one notification, and the rules for its fields."""

from datetime import timedelta
from typing import Any, Final

import pytest

from tests.support.samples import NOW, TARGET, state
from tidings import Filter, InvalidInputError, NotificationSummary, Status, WaitReason, contract
from tidings.filter import MAX_IDS

STUCK: Final = state(status="awaiting_intervention", reason="refused")
LATER: Final = NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"status": "awaiting_intervention"}, id="status"),
        pytest.param({"status": ["delivered", "awaiting_intervention"]}, id="several-statuses"),
        pytest.param({"reason": "refused"}, id="reason"),
        pytest.param({"id_prefix": "payment"}, id="beginning-of-the-id"),
        pytest.param({"id_prefix": "payment-1"}, id="whole-id"),
        pytest.param({"id_prefix": "notification:payment"}, id="beginning-as-in-the-web-ui"),
        pytest.param({"type": "payment.succeeded"}, id="type"),
        pytest.param({"since": NOW, "until": LATER}, id="period"),
        pytest.param({"target": TARGET}, id="url"),
        pytest.param({"where": "NotificationType = 'other'"}, id="condition-of-temporal"),
    ],
)
def test_a_notification_meets_what_is_true_of_it(fields: dict[str, Any]) -> None:
    assert Filter.model_validate(fields).unmet(STUCK) is None


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        pytest.param(
            {"status": ["delivered", "abandoned"]},
            "it is awaiting_intervention, and not delivered or abandoned",
            id="status",
        ),
        pytest.param({"reason": "expired"}, "it is refused, and not expired", id="reason"),
        pytest.param({"id_prefix": "order"}, "its id does not begin with order", id="id"),
        pytest.param(
            {"id_prefix": "notification:order"},
            "its id does not begin with notification:order",
            id="id-as-in-the-web-ui",
        ),
        pytest.param(
            {"id_prefix": "notification:"}, "its id does not begin with notification:", id="no-id"
        ),
        pytest.param(
            {"type": "payment"}, "its type is payment.succeeded, and not payment", id="type"
        ),
        pytest.param({"since": LATER}, f"it was accepted before {LATER.isoformat()}", id="since"),
        pytest.param({"until": NOW}, f"it was not accepted before {NOW.isoformat()}", id="until"),
        pytest.param(
            {"target": "http://orders.example.com/notify"},
            f"its target is {TARGET}, and not http://orders.example.com/notify",
            id="scheme",
        ),
        pytest.param({"target": "orders.example.com:80"}, f"its target is {TARGET}", id="port"),
        pytest.param({"target": "example.com"}, f"its target is {TARGET}", id="end-of-the-host"),
        pytest.param(
            {"target": "orders.example"}, f"its target is {TARGET}", id="begin-of-the-host"
        ),
    ],
)
def test_an_unmet_condition_is_named(fields: dict[str, Any], problem: str) -> None:
    found = Filter.model_validate(fields).unmet(STUCK)
    assert found is not None
    assert found.startswith(problem)


def test_what_is_not_stuck_has_no_reason() -> None:
    assert Filter(reason=WaitReason.REFUSED).unmet(state()) == "it is not stuck, and not refused"


def test_a_summary_without_a_target_meets_no_target() -> None:
    """Another language has started it, and no worker has seen it yet."""
    summary = NotificationSummary(
        id="payment-1",
        type=None,
        target=None,
        authority="orders.example.com:443",
        status=Status.DELIVERING,
        accepted_at=NOW,
    )
    assert Filter(target=TARGET).unmet(summary) == f"its target is not known yet, and not {TARGET}"
    assert Filter(target="orders.example.com").is_exact  # so lists decide it without this


PATHS: Final[dict[str, tuple[str, str, bool]]] = {
    "same": ("http://h/a/paid", "http://h/a/paid", True),
    "another-path": ("http://h/a/paid", "http://h/b/paid", False),
    "longer-path": ("http://h/a", "http://h/a/paid", False),
    "shorter-path": ("http://h/a/paid", "http://h/a", False),
    "slash-at-its-end": ("http://h/a/", "http://h/a", False),
    "no-slash-at-its-end": ("http://h/a", "http://h/a/", False),
    "any-query": ("http://h/a", "http://h/a?shop=1", True),
    "same-query": ("http://h/a?shop=1", "http://h/a?shop=1", True),
    "another-query": ("http://h/a?shop=1", "http://h/a?shop=2", False),
    "longer-query": ("http://h/a?shop=1", "http://h/a?shop=1&x=2", False),
    "without-its-query": ("http://h/a?shop=1", "http://h/a", False),
    "empty-query": ("http://h/a?", "http://h/a", False),
    "query-without-a-path": ("http://h?shop=1", "http://h/?shop=1", True),
    "upper-case-host": ("HTTP://H/a", "http://h/a", True),
    "upper-case-path": ("http://h/A", "http://h/a", False),
    "default-port": ("http://h:80/a", "http://h/a", True),
    "default-port-of-https": ("https://h/a", "https://h:443/a", True),
    "another-port": ("http://h:8080/a", "http://h/a", False),
    "escaped-letter": ("http://h/sh%6Fp", "http://h/shop", True),
    "escape-in-lower-case": ("http://h/%e6%94%af", "http://h/%E6%94%AF", True),
    "chinese": ("http://h/支", "http://h/%E6%94%AF", True),
    "escaped-slash": ("http://h/a%2Fpaid", "http://h/a/paid", False),
    "escaped-query": ("http://h/a%3Fshop=1", "http://h/a?shop=1", False),
    "dots": ("http://h/b/../a", "http://h/a", False),
    "two-slashes": ("http://h//a", "http://h/a", False),
    "root-means-the-host": ("http://h/", "http://h/a", True),
    "url-without-a-path": ("http://h", "http://h/a?shop=1", True),
}
"""Filter, target, and whether the filter means it."""


@pytest.mark.parametrize(("target", "url", "is_met"), PATHS.values(), ids=PATHS)
def test_case_1_a_url_with_a_path_means_that_path(
    target: str,
    url: str,
    is_met: bool,  # noqa: FBT001
) -> None:
    assert (Filter(target=target).unmet(state(target=url)) is None) is is_met


@pytest.mark.parametrize(
    ("target", "advice"),
    [
        pytest.param("h/a", "a path needs a whole URL in front of it", id="path-of-a-host"),
        pytest.param("h:80/a", "a path needs a whole URL in front of it", id="path-of-a-port"),
        pytest.param("h?shop=1", "a path needs a whole URL in front of it", id="query-of-a-host"),
        pytest.param("h?", "a path needs a whole URL in front of it", id="empty-query"),
        pytest.param("http://h/a#b", "a fragment (#…) is never sent", id="fragment"),
        pytest.param("http:///h/a", "there is no host behind its scheme", id="three-slashes"),
        pytest.param("http://li@h/a", "has neither user nor password", id="user"),
        pytest.param("li@h", "has neither user nor password", id="user-of-a-host"),
        pytest.param("http:/h/a", "there is no port after its colon", id="one-slash"),
    ],
)
def test_case_1_what_a_filter_cannot_mean_is_refused(target: str, advice: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^Filter\.target") as refused:
        Filter(target=target)
    assert advice in str(refused.value)


@pytest.mark.parametrize(
    "status",
    [
        pytest.param(Status.DELIVERED, id="one"),
        pytest.param("delivered", id="its-name"),
        pytest.param([Status.DELIVERED], id="list"),
        pytest.param({Status.DELIVERED}, id="set"),
        pytest.param(iter(["delivered"]), id="iterator"),
        pytest.param(["delivered"] * 9, id="repeated"),
    ],
)
def test_a_status_is_one_or_several(status: Any) -> None:
    assert Filter.model_validate({"status": status}).statuses == (Status.DELIVERED,)


@pytest.mark.parametrize("wrong", ["lost", "", 5, [], ["lost"], ["delivered", "lost"]], ids=ascii)
def test_a_wrong_status_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidInputError, match=r"^Filter\.status"):
        Filter.model_validate({"status": wrong})


def test_case_20_only_what_is_stuck_has_a_reason() -> None:
    both = Filter.model_validate(
        {"status": ["delivering", "awaiting_intervention"], "reason": "refused"}
    )
    assert both.unmet(STUCK) is None
    with pytest.raises(InvalidInputError, match="leave the reason or the status out"):
        Filter.model_validate({"status": ["delivering", "delivered"], "reason": "refused"})


@pytest.mark.parametrize("wrong", ["", "x'", "a b", "%", "支", "x" * 201], ids=ascii)
def test_the_beginning_of_an_id_has_its_characters(wrong: str) -> None:
    with pytest.raises(InvalidInputError, match=r"Filter\.id_prefix"):
        Filter(id_prefix=wrong)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (None, ()),
        ("order-1", ("order-1",)),
        ("notification:order-1", ("notification:order-1", "order-1")),
        ("notification:notification:a", ("notification:notification:a", "notification:a")),
        ("notification:", ("notification:",)),  # every id would be too much for a bulk action
        ("notification", ("notification",)),
    ],
)
def test_the_beginning_of_an_id_may_be_that_of_the_web_ui(
    given: str | None, meant: tuple[str, ...]
) -> None:
    assert Filter(id_prefix=given).id_prefixes == meant
    assert contract.WORKFLOW_ID_PREFIX == "notification:"


def test_more_ids_than_fit_into_a_batch_are_refused() -> None:
    ids = [f"payment-{number}" for number in range(MAX_IDS + 1)]
    assert Filter(ids=ids[1:]).ids == tuple(ids[1:])
    with pytest.raises(InvalidInputError, match="it has 5,001 ids, and the limit is 5,000; give"):
        Filter(ids=ids)
