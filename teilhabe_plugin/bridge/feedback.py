"""Processing feedback as the plain callables that core takes."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Callable

from ..core.messages import Message
from ..translation import render


def progress_of(feedback, start: float = 0, end: float = 100) -> Callable[[float], None]:
    """Return a callable for 0…100 that moves the feedback's bar from ``start`` to ``end``."""

    def progress(percent: float) -> None:
        feedback.setProgress(start + (end - start) * percent / 100)

    return progress


def cancelled_of(feedback) -> Callable[[], bool]:
    """Return a callable that says whether the user stopped the run."""
    return feedback.isCanceled


def push(feedback, messages: Message | Iterable[Message], warning: bool = False) -> None:
    """Write messages to the log in the user's language."""
    show = feedback.pushWarning if warning else feedback.pushInfo
    for message in [messages] if isinstance(messages, Message) else messages:
        show(render(message))
