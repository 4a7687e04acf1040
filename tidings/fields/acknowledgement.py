"""The rule on which answers acknowledge a notification; pure."""

from datetime import timedelta
from itertools import combinations
from typing import Final, Self

from pydantic import model_validator

from tidings.base import default
from tidings.fields.body_condition import BodyCondition, ExpectedBody, choices
from tidings.fields.retry import Interval
from tidings.fields.status_set import StatusSet

_STATUS_FIELDS: Final = ("status", "retry", "pending", "refused")
_BODY_FIELDS: Final = ("body_equals", "json_equals", "xml_equals")


class Acknowledgement(ExpectedBody):
    """The answer that the target has agreed to give; every condition that is set must hold.

    An answer that refuses counts first, then one that is pending, then one that acknowledges.
    """

    status: StatusSet = default(None)
    """The statuses that acknowledge: a number, a range as ``"200-299"``, or a list of these.
    ``None`` is every 2xx that is not in ``retry``, ``pending`` or ``refused``. A redirect never
    acknowledges."""
    retry: StatusSet = default(None)
    """The statuses that are tried again although they would refuse for good, as 404 while a
    target is deployed. 408, 425, 429, 3xx and 5xx are tried again without it."""
    refused: StatusSet = default(None)
    """Further statuses that refuse for good. Every 4xx that is in no other list does so already,
    except 408, 425 and 429."""
    refused_if: BodyCondition | None = None
    """The body that refuses for good, whatever the status: ``{"body_equals": "FAILURE"}``."""
    pending: StatusSet = default(None)
    """The statuses that mean "accepted, but not finished", as 202. The next attempt asks again."""
    pending_if: BodyCondition | None = None
    """The body that means "accepted, but not finished", whatever the status:
    ``{"json_equals": {"/state": ["QUEUED", "RUNNING"]}}``."""
    pending_interval: Interval = default(timedelta(minutes=1))
    """The delay after a pending answer, in place of the schedule's: 1 ms to 365 days."""

    @property
    def unacknowledging(self) -> frozenset[int]:
        """The statuses to which the rule gives another meaning than "acknowledged"."""
        return frozenset((*(self.retry or ()), *(self.pending or ()), *(self.refused or ())))

    @model_validator(mode="after")
    def _check_statuses(self) -> Self:
        for status in self.status or ():
            if 300 <= status <= 399:
                raise ValueError(f"status holds {status}, a redirect, which never acknowledges")
        for name, other in combinations(_STATUS_FIELDS, 2):
            both = {*(getattr(self, name) or ())} & {*(getattr(self, other) or ())}
            if both:
                raise ValueError(
                    f"{min(both)} is in {name} and in {other}; it can mean one thing only"
                )
        if self.status is None and {*range(200, 300)} <= self.unacknowledging:
            raise ValueError("no status is left that acknowledges; give one in status")
        return self

    @model_validator(mode="after")
    def _check_bodies(self) -> Self:
        if self.status is not None and {*self.status} <= {204, 205}:
            for name in _BODY_FIELDS:
                if "" not in choices(getattr(self, name) or ""):
                    raise ValueError(f"no answer of status 204 or 205 has a body for {name}")
        for name, condition in (("refused_if", self.refused_if), ("pending_if", self.pending_if)):
            if condition is not None and self.implies(condition):
                raise ValueError(f"each body that acknowledges meets {name}, which counts first")
        if self.refused_if and self.pending_if and self.pending_if.implies(self.refused_if):
            raise ValueError("each body that meets pending_if meets refused_if, which counts first")
        return self
