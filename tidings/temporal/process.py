"""The end of a process that has used the SDK."""

import asyncio
import logging
import os
import sys
from collections.abc import Coroutine
from typing import Any, NoReturn, TextIO


def run(main: Coroutine[Any, Any, int]) -> NoReturn:
    """Runs ``main`` and ends this process with the exit code that it returns.

    The SDK's threads can crash an interpreter that is shutting down
    (temporalio/sdk-python#300). This function writes what is buffered and then exits without
    that shutdown. ``atexit`` handlers do not run.
    """
    code = 1
    try:
        code = asyncio.run(main)
    except KeyboardInterrupt:
        code = 130
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001 -- the process ends here, so this is its last word
        sys.excepthook(*sys.exc_info())
    finally:
        logging.shutdown()
        os._exit(code if _flushed() else code or 1)


def _flushed() -> bool:
    """True if all output could be written."""
    streams: tuple[TextIO | None, ...] = (sys.stdout, sys.stderr)
    for stream in streams:
        if stream is None:
            continue  # closed before this process began
        try:
            stream.flush()
        except BrokenPipeError:
            continue  # the reader has gone, as ``head`` does
        except (OSError, ValueError):  # a full disk, or a closed stream
            return False
    return True
