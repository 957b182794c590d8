"""Errors as the user reads them, for what a dialog looks at before a run."""
from __future__ import annotations


def expected() -> tuple[type[Exception], ...]:
    """Return the kinds of errors that are the user's to mend."""
    from ..core.messages import TeilhabeError

    return TeilhabeError, ImportError, OSError


def in_words(error: Exception) -> str:
    """Return an error of a kind in `expected` in the user's language."""
    from ..processing.base import missing_package, system_error
    from ..translation import render

    if isinstance(error, ImportError):
        return missing_package(error)
    if isinstance(error, OSError):
        return system_error(error)
    return render(error)
