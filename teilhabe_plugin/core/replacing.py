"""Files that come whole or not at all: written beside their place and renamed into it."""
from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: str | os.PathLike) -> Iterator[Path]:
    """Give a path beside the target to write to, and put what was written into the target's place.

    When the writing fails, an earlier file stays as it was and nothing is left beside it.

    Parameters
    ----------
    path : path
        The target. The path given has the same ending and lies in the same folder, hidden from listings.

    Raises
    ------
    OSError
        Names the target and not the file beside it.
    """
    target = Path(path)
    waiting = target.with_name(f".{target.stem}.{os.getpid()}.part{target.suffix}")
    try:
        yield waiting
        os.replace(waiting, target)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error
    finally:
        if os.path.exists(waiting):  # False, too, where the name is too long for the system
            waiting.unlink()
