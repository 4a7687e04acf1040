"""Rules of egress, and their refusal of an address."""

from activities.egress.rules import EgressRules

DEFAULT = EgressRules()
PERMISSIVE = EgressRules.parse("0.0.0.0/0 ::/0 example.com :25")


def refusal_of(address: str, rules: EgressRules = DEFAULT, port: int = 443) -> str | None:
    return rules.refusal(host="hook.example.com", address=address, port=port)
