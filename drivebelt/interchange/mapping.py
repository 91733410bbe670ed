"""The small file that says which column of a table is what."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivebelt.errors import BadInput
from drivebelt.safe_yaml import read_file

FIELDS = {
    "paper": "identifier of the paper; without it papers are called by their line",
    "date": "day of the paper",
    "issuer": "body or office in whose name it stands",
    "sender": "person who signed or sent it; stands for the issuer where no issuer is given",
    "recipients": "to whom; one column or several, names within a column divided by `separator`",
    "kind": "kind of paper, such as letter or order",
    "grade": "secrecy, such as open or secret",
    "subject": "what it is about",
    "number": "its running number",
    "series": "the register in which it has that number",
    "channel": "how it travelled",
    "reply_to": "identifier of the paper that it answers or was made from",
    "text": "its text; kept as a 64-bit hash of the wording only",
}
"""What a column can be."""
_MANY = ("recipients",)
_KEYS = ("columns", "date_format", "separator", "delimiter", "encoding")
_NEEDED = ("date",)


@dataclass(frozen=True)
class Mapping:
    """Field -> columns; and how the file is written."""

    columns: dict[str, tuple[str, ...]]
    date_format: str | None = None
    separator: str = ";"
    delimiter: str = ","
    encoding: str = "utf-8"


def read_mapping(path: Path) -> Mapping:
    """A mapping file. Raises BadInput with the key for anything that cannot be followed."""
    raw = read_file(path)
    if not isinstance(raw, dict):
        raise BadInput(f"{path}: not a table of names and values; it begins with `columns:`")
    _known(path, "", raw, _KEYS)
    columns = raw.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise BadInput(f"{path}: columns: missing; under it say which column is the date, the issuer and so on")
    _known(path, "columns: ", columns, tuple(FIELDS))
    read = {str(name): _columns(path, str(name), value) for name, value in columns.items()}
    for name in _NEEDED:
        if name not in read:
            raise BadInput(f"{path}: columns: no {name}; say which column holds the {FIELDS[name]}")
    if "issuer" not in read and "sender" not in read:
        raise BadInput(f"{path}: columns: neither issuer nor sender; say which column holds the {FIELDS['issuer']}")
    return Mapping(
        read,
        _text(path, raw, "date_format", None),
        _text(path, raw, "separator", ";") or ";",
        _one_letter(path, raw),
        _encoding(path, raw),
    )


def _known(path: Path, where: str, raw: dict[Any, Any], known: tuple[str, ...]) -> None:
    for key in raw:
        if key not in known:
            raise BadInput(f"{path}: {where}{key}: no such name; there are {', '.join(known)}")


def _columns(path: Path, name: str, value: Any) -> tuple[str, ...]:
    many = value if isinstance(value, list) and name in _MANY else [value]
    if not many or not all(isinstance(one, str | int) and not isinstance(one, bool) and str(one) for one in many):
        quoted = "; put no, yes, on and off in quotes" if any(isinstance(one, bool) for one in many) else ""
        raise BadInput(
            f"{path}: columns: {name}: write the name of a column{' or a list of names' if name in _MANY else ''}{quoted}"
        )
    return tuple(str(one) for one in many)


def _text(path: Path, raw: dict[str, Any], key: str, default: str | None) -> str | None:
    value = raw.get(key, default)
    if value is not None and (not isinstance(value, str) or not value):
        raise BadInput(f"{path}: {key}: write a text in quotes")
    return value


def _one_letter(path: Path, raw: dict[str, Any]) -> str:
    value = _text(path, raw, "delimiter", ",") or ","
    if len(value) != 1 or ord(value) > 127 or value in '"\r\n':
        raise BadInput(f'{path}: delimiter: {value!r} is not one plain character such as "," ";" or "\\t"')
    return value


def _encoding(path: Path, raw: dict[str, Any]) -> str:
    value = _text(path, raw, "encoding", "utf-8") or "utf-8"
    try:
        name = codecs.lookup(value).name
        "a".encode(name)  # some codecs are not for text
    except (LookupError, TypeError, ValueError) as why:
        raise BadInput(f"{path}: encoding: {value!r} is not known; such as utf-8, utf-16, cp1252, cp1251 or koi8-r") from why
    return name
