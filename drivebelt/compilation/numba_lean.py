"""What Numba is told so that compiling takes half the time: fewer forms of each function, and none made twice by two processes.

It stands in for some methods of Numba, which the lock file pins; what they return stays the same but for the widths below. The rest
is what it costs each process to take up what has been compiled.
"""

from __future__ import annotations

import os
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from llvmlite import binding as llvm
from numba.core import types
from numba.core.caching import FunctionCache
from numba.core.codegen import JITCodeLibrary
from numba.core.dispatcher import Dispatcher
from numba.core.targetconfig import TargetConfig
from numba.np import linalg

from drivebelt.whole import whole

_OURS = "drivebelt."
_PAUSE = 0.02  # seconds between two looks at a claim
_LONGEST = 60.0  # seconds after which a claim counts for nothing


def one_form_for_all_widths() -> None:
    """Compiled code calls one form of a function of this package whatever the width of its integers and whatever constants it is
    given; Numba would make one for each. What its flags are by default is worked out once: a tenth of all compiling went there."""
    template: Any = Dispatcher.get_call_template
    defaults: dict[type, dict[str, Any]] = {}

    def get_call_template(self: Any, args: Any, kws: Any) -> Any:
        if self.py_func.__module__.startswith(_OURS):
            args = tuple(_wide(types.unliteral(a)) for a in args)
        return template(self, args, kws)

    def values(self: Any) -> dict[str, Any]:
        cls = type(self)
        if cls not in defaults:
            defaults[cls] = {name: option.default for name, option in cls.options.items()}
        return {**defaults[cls], **self._values}

    Dispatcher.get_call_template = get_call_template  # type: ignore[method-assign]
    TargetConfig.values = values  # type: ignore[method-assign]


def look_for_scipy_only() -> None:
    """Before it compiles or loads anything, Numba imports SciPy to see whether it is there: an eighth of a second. Here it is
    looked for and left there; who multiplies matrices in compiled code still finds it."""

    def is_there() -> None:
        if find_spec("scipy") is None:
            raise ImportError("scipy is not installed")

    importing, linalg.ensure_blas = linalg.ensure_blas, is_there
    try:
        import_module("numba.np.arraymath")
    finally:
        linalg.ensure_blas = importing


def read_bitcode_late() -> None:
    """Of a compiled function its machine code is kept and, for functions that will contain it, its bitcode. That is read here when
    such a function is compiled, which in most processes none is; Numba reads it, symbol by symbol, with the machine code."""
    unserialize = JITCodeLibrary._unserialize.__func__  # type: ignore[attr-defined]
    module, pointer = JITCodeLibrary._get_module_for_linking, JITCodeLibrary.get_pointer_to_function

    def _unserialize(cls: Any, codegen: Any, state: Any) -> Any:
        name, kind, data = state
        if kind != "object":
            return unserialize(cls, codegen, state)
        library = codegen.create_library(name)
        code, library._bitcode = data
        library.enable_object_caching()
        library._set_compiled_object(code)
        library._finalize_final_module()
        return library

    def _get_module_for_linking(self: Any) -> Any:
        if self._bitcode is not None:
            self._shared_module, self._bitcode = llvm.parse_bitcode(self._bitcode), None
            self._codegen._engine._load_defined_symbols(self._shared_module)
        return module(self)

    def get_pointer_to_function(self: Any, name: str) -> Any:
        return pointer(self, name) if self._bitcode is None else self._codegen._engine.get_function_address(name)

    library: Any = JITCodeLibrary
    library._bitcode = None
    library._unserialize = classmethod(_unserialize)
    library._get_module_for_linking = _get_module_for_linking
    library.get_pointer_to_function = get_pointer_to_function


def _wide(kind: Any) -> Any:
    return types.int64 if isinstance(kind, types.Integer) and kind.signed else kind  # type: ignore[attr-defined]


class Elsewhere(Exception):
    """Another process is compiling the function, or is left to."""


class Claims:
    """Which functions some process is compiling: a file each, named after the function, with the process in it.

    Whoever needs a function that another is at waits for it. Not so the helper (`helper.py`): it raises `Elsewhere` and
    goes on to what comes later. For each function it compiles on its own account it passes over one, as otherwise whoever it helps
    would find each next function in its hands. Functions call each other in no circle: no two processes wait for each other.
    """

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder) / "claims"
        self._mine: list[Path] = []
        self._pass_over = False
        self.helping = False

    def take(self, function: Any) -> bool:
        """Claims the function; False after another process has been at it, so that it may be there now."""
        claim = self._folder / f"{function.__module__}.{function.__qualname__}"
        if claim in self._mine:
            return True
        alone = self.helping and not self._mine
        if alone and self._pass_over:
            self._pass_over = False
            raise Elsewhere(claim.name)
        try:
            self._folder.mkdir(exist_ok=True)
            with claim.open("x") as file:
                file.write(str(os.getpid()))
        except FileExistsError:
            if alone:
                raise Elsewhere(claim.name) from None
            while _held(claim):
                time.sleep(_PAUSE)
            return False
        except OSError:  # nothing can be written there: each for itself
            return True
        self._mine.append(claim)
        self._pass_over = alone
        return True

    def give_up(self, function: Any) -> None:
        """The function is compiled and kept, or cannot be."""
        claim = self._folder / f"{function.__module__}.{function.__qualname__}"
        if claim in self._mine:
            self._mine.remove(claim)
            claim.unlink(missing_ok=True)


def _held(claim: Path) -> bool:
    """Whether a living process holds the claim; one that nobody holds any more is removed."""
    try:
        holder = claim.read_text()
        if time.time() - claim.stat().st_mtime < _LONGEST:
            if holder:
                os.kill(int(holder), 0)
            return True
    except FileNotFoundError:
        return False
    except (OSError, ValueError):  # no such process
        pass
    claim.unlink(missing_ok=True)
    return False


def share_work(folder: str) -> Claims:
    """From here on processes that compile for the same folder compile each function once between them."""
    claims = Claims(folder)
    load, compile_ = FunctionCache.load_overload, Dispatcher.compile

    def load_overload(self: Any, signature: Any, context: Any) -> Any:
        found = load(self, signature, context)
        if not self._py_func.__module__.startswith(_OURS):
            return found
        while found is None and not claims.take(self._py_func):
            found = load(self, signature, context)
        return found

    def compiled(self: Any, signature: Any) -> Any:
        with whole():
            try:
                return compile_(self, signature)
            finally:
                claims.give_up(self.py_func)

    FunctionCache.load_overload = load_overload  # type: ignore[method-assign]
    Dispatcher.compile = compiled  # type: ignore[method-assign, assignment]
    return claims
