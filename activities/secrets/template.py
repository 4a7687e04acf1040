"""A text with placeholders, which a message fills in; pure."""

from collections.abc import Collection, Mapping
from string import Formatter

from activities.secrets.signature import Concealed


class Template(Concealed):
    """A text with placeholders, as ``t={timestamp},v1=``. A literal brace is doubled.

    It conceals itself, because somebody may have written a secret into it.
    """

    __slots__ = ("_parts", "names")

    names: frozenset[str]
    """The names of its placeholders."""

    def __init__(self, text: str, allowed: Collection[str]) -> None:
        """Raises ``ValueError``, without any part of ``text``, for other names than ``allowed``."""
        try:
            parsed = list(Formatter().parse(text))
        except ValueError:  # its message quotes the text
            raise ValueError("a brace has no other; double one that is meant as it is") from None
        found = [(name, spec, how) for _, name, spec, how in parsed if name is not None]
        for number, (name, spec, conversion) in enumerate(found, start=1):
            if name not in allowed or spec or conversion:
                names = " ".join(f"{{{each}}}" for each in allowed)
                raise ValueError(f"placeholder {number} is not one of {names}; double other braces")
        self.names = frozenset(name for name, _, _ in found)
        self._parts = tuple((literal.encode(), name) for literal, name, _, _ in parsed)

    def filled(self, values: Mapping[str, bytes]) -> bytes:
        """The text with ``values`` in place of its placeholders."""
        return b"".join(
            literal + (b"" if name is None else values[name]) for literal, name in self._parts
        )
