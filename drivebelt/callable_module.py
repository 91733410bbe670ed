"""A package that can be called like the function it is named after, as the public interface has it, and keeps its modules."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


def let_call(name: str, function: Callable[..., Any]) -> None:
    """Lets the module `name` be called: `drivebelt.archive(run, "purge-1937")` calls `function`."""

    class _Called(ModuleType):
        def __call__(self, *arguments: Any, **settings: Any) -> Any:
            return function(*arguments, **settings)

    _Called.__call__.__doc__ = function.__doc__
    sys.modules[name].__class__ = _Called
