"""How far the run has come, told to whoever listens: the terminal's progress bar, or nobody in the night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """`step` in Chinese and English; `done` of `total` files where the step counts them, else both 0."""

    step: str
    done: int = 0
    total: int = 0


_listener: ContextVar[Callable[[Progress], None] | None] = ContextVar("listener", default=None)


def tell(step: str, done: int = 0, total: int = 0) -> None:
    """Report progress to the listener of this context, if any."""
    if (listener := _listener.get()) is not None:
        listener(Progress(step, done, total))


@contextmanager
def listening(listener: Callable[[Progress], None]) -> Iterator[None]:
    """Everything told inside goes to `listener`."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
