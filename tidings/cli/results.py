"""The results of sending: one receipt, or one result for each line of a file."""

from collections import Counter
from collections.abc import Iterable

from tidings import Receipt, SendResult
from tidings.cli import output
from tidings.cli.file import Line
from tidings.cli.terminal import err, escaped, out


def print_receipt(receipt: Receipt, *, as_json: bool) -> None:
    """Prints whether a notification was accepted now or before."""
    if as_json:
        output.print_json({"id": receipt.id, "created": receipt.created})
        return
    result = "accepted" if receipt.created else "already accepted; nothing is sent twice"
    out.print(f"{escaped(receipt.id)}: {result}")


def print_results(results: Iterable[tuple[Line, SendResult]], *, as_json: bool) -> None:
    """Prints every result as JSON; for a person, the counts and each line that failed."""
    if as_json:
        output.print_json([_json(line, result) for line, result in results])
        return
    tally = Counter[str]()
    for line, result in results:
        if result.receipt is not None:
            tally["accepted" if result.receipt.created else "accepted before"] += 1
            continue
        tally["failed"] += 1
        name = f" ({result.id})" if result.id is not None else ""
        err.print(f"line {line.number}{escaped(name)}: {escaped(str(result.error))}")
    out.print(", ".join(f"{count:,} {outcome}" for outcome, count in tally.items()))


def _json(line: Line, result: SendResult) -> dict[str, object]:
    return {
        "line": line.number,
        "id": result.id,
        "created": result.receipt.created if result.receipt is not None else None,
        "error": str(result.error) if result.error is not None else None,
    }
