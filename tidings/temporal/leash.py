"""A leash for child processes: they end with the process that started them, even if it is killed.

Start the child with ``COMMAND`` in front of its own command, and with a pipe as standard input.
A watcher beside the child ends it when our end of the pipe closes. The kernel closes it when this
process dies.
"""

from typing import Final

COMMAND: Final = (
    "/bin/sh",
    "-c",
    'exec 3<&0; (read -r _ <&3 || kill -TERM $$) >/dev/null 2>&1 & exec "$@" </dev/null 3<&-',
    "sh",
)
RELEASE: Final = b"\n"
"""Write it into the pipe after the child has ended, and before the pipe is closed. Otherwise the
watcher would end whatever process has the number of the child by then."""
