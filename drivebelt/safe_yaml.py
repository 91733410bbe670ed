"""YAML from outside, read safely: no aliases, no doubled keys, nothing huge, nothing that runs code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from drivebelt.errors import BadInput

LARGEST = 1 << 20
DEEPEST = 12

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """A safe loader that refuses doubled keys."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: list[Any] = []
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise yaml.YAMLError(f"the key {name!r} stands twice (line {key.start_mark.line + 1})")
            seen.append(name)
        return super().construct_mapping(node, deep)


def _date(loader: Any, node: Any) -> Any:
    """A date; what looks like one but is not on the calendar stays text, for the reader to refuse by its key."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)


def _flat(text: str | bytes) -> None:
    """Refuses aliases, from which cyclic and exploding documents are made, and deep nesting."""
    deep = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.YAMLError("anchors and aliases are not allowed; write the value out")
        deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if deep > DEEPEST:
            raise yaml.YAMLError(f"nested more than {DEEPEST} deep")


def read_yaml(text: str | bytes, where: str) -> Any:
    """The document in `text`; BadInput names `where` and the line for anything that is not plain YAML."""
    if len(text) > LARGEST:
        raise BadInput(f"{where}: larger than {LARGEST >> 20} MiB; split it")
    try:
        _flat(text)
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as why:
        mark = why.problem_mark
        at = f", line {mark.line + 1}" if mark else ""
        raise BadInput(f"{where}{at}: not readable as YAML: {why.problem or why}") from why
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, UnicodeDecodeError) as why:
        raise BadInput(f"{where}: not readable as YAML: {' '.join(str(why).split())}") from why


def read_file(path: Path) -> Any:
    """`read_yaml` of a file; BadInput where it cannot be opened."""
    return read_yaml(within(path, LARGEST), str(path))


def within(path: Path, largest: int) -> bytes:
    """The bytes of a file; BadInput where it holds more than `largest` or cannot be opened."""
    try:
        if path.stat().st_size > largest:
            raise BadInput(f"{path}: larger than {largest >> 20} MiB; split it")
        return path.read_bytes()
    except OSError as why:
        raise BadInput(f"{path}: {why.strerror or why}; check the path") from why
