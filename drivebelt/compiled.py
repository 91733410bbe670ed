"""Where compiled code is kept: a folder of the user's cache named after the sources it was compiled from.

Numba looks at the file of a function alone; here most functions contain others from other files, so that a change in one
must put all of them aside. Import this module before anything that compiles.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from numba.core import config as numba_config
from platformdirs import user_cache_dir

_HERE = Path(__file__).parent


def _mark() -> str:
    sources = sorted(_HERE.rglob("*.py"))
    mark = hashlib.sha256()
    for source in sources:
        mark.update(source.read_bytes())
    return mark.hexdigest()[:16]


config: Any = numba_config
if not config.CACHE_DIR:
    config.CACHE_DIR = str(Path(user_cache_dir("drivebelt")) / f"compiled-{_mark()}")
