"""What Ctrl-C may not cut in two: it waits until that is done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def whole() -> Iterator[None]:
    """Ctrl-C during the block raises KeyboardInterrupt at its end.

    For what takes a moment and leaves by halves what nobody can mend: modules half imported, and objects of LLVM, which would be
    freed twice when the process ends. Raised within a destructor, of which both have many, KeyboardInterrupt is even lost.
    """
    heard = threading.current_thread() is threading.main_thread()
    if not heard or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield  # in another such block, or where the caller has seen to it himself
        return
    pressed = False

    def remember(*_: Any) -> None:
        nonlocal pressed
        pressed = True

    signal.signal(signal.SIGINT, remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if pressed:
            raise KeyboardInterrupt
