"""Reads the rulebook's data files; what has been read once is kept in the user's cache."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from drivebelt.errors import BadInput
from drivebelt.rulebook.rules import Rule

_WEEK = 7 * 24 * 3600  # seconds
SCHEMA_FILES = ("schema.py", "rules.py", "reader.py")


def data_files() -> list[tuple[str, Traversable]]:
    """(mechanism, file) of all data files, in the order of their names."""
    top = files(__package__).joinpath("data")
    found = [(f.name.removesuffix(".yaml"), f) for f in top.iterdir() if f.name.endswith(".yaml")]
    found += [(f.name.removesuffix(".yaml"), f) for f in top.joinpath("assumptions").iterdir() if f.name.endswith(".yaml")]
    return sorted(found, key=lambda pair: (pair[0], str(pair[1])))


def read() -> dict[str, Rule]:
    """All rules as shipped."""
    sources = data_files()
    mark = hashlib.sha256()
    here = files(__package__)
    texts = [(mechanism, str(f.name), f.read_bytes()) for mechanism, f in sources]
    for text in [here.joinpath(name).read_bytes() for name in SCHEMA_FILES] + [t for _, _, t in texts]:
        mark.update(hashlib.sha256(text).digest())
    cache = _cache_dir() / f"rulebook-{mark.hexdigest()[:20]}.json"
    return _from_cache(cache) or _parse(texts, cache)


def _parse(texts: list[tuple[str, str, bytes]], cache: Path) -> dict[str, Rule]:
    from drivebelt.rulebook.schema import rule
    from drivebelt.safe_yaml import read_yaml

    found: dict[str, Rule] = {}
    for mechanism, name, text in texts:
        where = f"rulebook/data/{name}"
        raw = read_yaml(text, where)
        if not isinstance(raw, dict):
            raise BadInput(f"{where}: a data file is a table of rules")
        for key, entry in raw.items():
            if key in found:
                raise BadInput(f"{where}: {key}: stands already under {found[key].mechanism}; keep one")
            found[key] = rule(key, mechanism, entry, where)
    _to_cache(cache, found)
    return found


def _cache_dir() -> Path:
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("drivebelt"))


def _from_cache(path: Path) -> dict[str, Rule] | None:
    try:
        content: dict[str, dict[str, Any]] = json.loads(path.read_bytes())
        return {name: _revive(entry) for name, entry in content.items()}
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _revive(entry: dict[str, Any]) -> Rule:
    entry["values"] = tuple((date.fromisoformat(start), value) for start, value in entry["values"])
    for key in ("enacted_by", "evidence"):
        entry[key] = tuple(entry[key])
    if entry["until"] is not None:
        entry["until"] = date.fromisoformat(entry["until"])
    return Rule(**entry)


def _to_cache(path: Path, rules: dict[str, Rule]) -> None:
    """Keeps what was read, and removes what was kept for other rulebooks more than a week ago; a cache that cannot be written is
    done without."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, suffix=".part") as part:
            json.dump({name: vars(rule) for name, rule in rules.items()}, part, default=str)
        os.replace(part.name, path)
        for old in path.parent.glob("rulebook-*.json"):
            if old != path and old.stat().st_mtime < time.time() - _WEEK:
                old.unlink(missing_ok=True)
    except OSError:
        return
