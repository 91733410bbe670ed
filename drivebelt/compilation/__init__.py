"""Where compiled code is kept: a folder of the user's cache named after the sources it was compiled from.

Numba looks at the file of a function alone; here most functions contain others from other files, so that a change in one
must put all of them aside. Import this module before anything that compiles.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from numba.core import config as numba_config
from platformdirs import user_cache_dir

from drivebelt.compilation.numba_lean import look_for_scipy_only, one_form_for_all_widths, read_bitcode_late, share_work

_ROOM = 64 << 20  # bytes that must be free for the compiled code
_WEEK = 7 * 24 * 3600  # seconds
_PACKAGE = Path(__file__).parent.parent


def _mark() -> str:
    """Of the files with compiled functions and those whose constants these contain; an edit of a page compiles nothing anew."""
    own = (_PACKAGE / f"{name}.py" for name in ("draws", "records"))
    folders = (path for name in ("compilation", "desk", "mechanism", "power", "world") for path in (_PACKAGE / name).rglob("*.py"))
    sources = sorted([*own, *folders])
    mark = hashlib.sha256()
    for source in sources:
        mark.update(source.read_bytes())
    return mark.hexdigest()[:16]


def _forget_unused(top: Path, own: Path) -> None:
    """Marks the folder as used now and removes those of other sources that nobody has used for a week, as far as that goes.

    A process that begins to use one at this very moment compiles anew: Numba takes code that has gone for code that never was.
    """
    try:
        os.utime(own)
        long_ago = time.time() - _WEEK
        unused = [folder for folder in top.glob("compiled-*") if folder != own and folder.stat().st_mtime < long_ago]
    except OSError:  # another process was quicker
        return
    for folder in unused:
        shutil.rmtree(folder, ignore_errors=True)


def _folder() -> tuple[str, bool]:
    """A folder of the user's cache, and whether it is new; where that cannot be written or is full, one of the user's own among
    the temporary files."""
    name = f"compiled-{_mark()}"
    user = getattr(os, "getuid", lambda: 0)()
    for top in (Path(user_cache_dir("drivebelt")), Path(tempfile.gettempdir()) / f"drivebelt-{user}"):
        try:
            top.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = not (top / name).exists()
            (top / name).mkdir(exist_ok=True)
            tempfile.TemporaryFile(dir=top / name).close()
            if shutil.disk_usage(top).free < _ROOM:
                continue
        except OSError:
            continue
        # Code is read back from here: nobody else may have put it there.
        if not hasattr(os, "getuid") or top.stat().st_uid == user:
            _forget_unused(top, top / name)
            return str(top / name), new
    return tempfile.mkdtemp(prefix="drivebelt-compiled-"), True


def _from_the_other_end(folder: str) -> None:
    """Sets a second process to compile for the same folder what a run needs last; without one all goes on, only later."""
    try:
        subprocess.Popen(
            [sys.executable, "-m", "drivebelt.compilation.helper"], env={**os.environ, "NUMBA_CACHE_DIR": folder},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        pass


config: Any = numba_config
if not config.CACHE_DIR:
    config.CACHE_DIR, _new = _folder()
    if _new and (os.cpu_count() or 1) > 1:
        _from_the_other_end(config.CACHE_DIR)
look_for_scipy_only()
read_bitcode_late()
one_form_for_all_widths()
CLAIMS = share_work(config.CACHE_DIR)

KERNEL: dict[str, Any] = {"cache": True, "no_cfunc_wrapper": True}
"""How what makes arrays of its own is compiled."""

STEP: dict[str, Any] = {**KERNEL, "_nrt": False}
"""How the steps of a day are compiled: they make no arrays, so that those they are given need no count of references, which
would cost more than the work."""

INNER: dict[str, Any] = {**STEP, "no_cpython_wrapper": True}
"""How what only compiled code calls is compiled: without a form for Python, which would be half of the work of compiling."""

PART: dict[str, Any] = {**KERNEL, "no_cpython_wrapper": True}
"""The same for what makes arrays of its own."""
