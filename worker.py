"""The worker: delivers notifications until SIGTERM or SIGINT. Its settings are the environment."""

import sys

from service.run import main
from tidings import run

if __name__ == "__main__":
    if len(sys.argv) > 1:  # for example --help, which must not start a worker
        sys.exit(
            "worker.py takes no arguments; its settings are TEMPORAL_* and TIDINGS_* "
            "(docs/reference/settings.md)"
        )
    run(main())
