"""Errors while lists of persons are read and located: they name file, row and column, never what stands there."""

from __future__ import annotations

from typing import Callable

from ..messages import Cancelled, Message, TeilhabeError, mark

#: details of messages that hold no content of a list
_PLAIN = {"file", "sheet", "row", "rows", "column", "count", "most", "n", "layer", "folder", "threshold", "setting"}
HIDDEN = "…"


def guarded(work: Callable, *arguments, **named):
    """Call a function; whatever goes wrong in it is told without any content of the list.

    The error carries no other one along: a traceback or a crash report would show what is in it.
    """
    try:
        return work(*arguments, **named)
    except (Cancelled, ImportError, MemoryError):
        raise
    except TeilhabeError as error:
        fault = _without_content(error)
    except OSError as error:
        fault = OSError(error.errno, error.strerror, error.filename)
    except Exception as error:  # whatever it is: its text could quote the list
        fault = TeilhabeError(
            mark("The list could not be worked on ({kind}). Nothing was written, and no detail is shown, because the "
                 "list holds data of persons. Check that every column holds what it should."),
            kind=type(error).__name__)
    raise fault


def _without_content(error: TeilhabeError) -> TeilhabeError:
    safe = _safe(error.message)
    return TeilhabeError(safe.template, **safe.details)


def _safe(message: Message) -> Message:
    return Message(message.template, **{
        name: _safe(value) if isinstance(value, Message)
        else value if name in _PLAIN or isinstance(value, (int, float)) and name != "value" else HIDDEN
        for name, value in message.details.items()})
