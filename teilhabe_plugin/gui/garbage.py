"""Python's garbage collection waits while work runs in the background.

The collector runs in whatever thread happens to need memory. What it finds may be a widget, a map tool or a layer that
belongs to the window; destroyed in another thread, QGIS crashes sooner or later.

Work is kept until it has ended: a task that Python has let go of is finished by QGIS without a word.
"""
from __future__ import annotations

import gc

_under_way: dict[int, object] = {}
_switched_off = False


def pause(work: object) -> None:
    """Let garbage lie until `resume` is called for this piece of work; call it on the main thread."""
    global _switched_off
    if gc.isenabled():
        gc.disable()
        _switched_off = True
    _under_way[id(work)] = work


def resume(work: object) -> None:
    """Collect garbage again when this was the last piece of work; call it on the main thread."""
    global _switched_off
    _under_way.pop(id(work), None)
    if not _under_way and _switched_off:
        gc.enable()
        _switched_off = False
