"""Words for bodies, days, channels and fates, as they stand within sentences."""

from __future__ import annotations

from datetime import date

BY = {
    "telephone": "by telephone", "cipher": "in cipher", "courier-k": "by courier, series K", "courier-a": "by courier, series A",
    "courier-b": "by courier, series B", "post": "by post", "messenger": "by messenger", "press": "from the press",
}  # fmt: skip
FATE = {
    "in-transit": "still on the way", "held": "still held", "kept": "kept", "returned": "returned", "burned": "burned",
    "lost": "lost", "read-and-returned": "read and returned",
}  # fmt: skip


def the(name: str | None, unknown: str = "somebody") -> str:
    """The name of a body as it stands within a sentence."""
    if not name:
        return unknown
    if name.startswith("The "):
        return "t" + name[1:]
    return name if "," in name or " no. " in name or name.startswith(("ROSTA", "Khleboprodukt")) else f"the {name}"


def day(on: date) -> str:
    """A day as it is read aloud."""
    return f"{on.day} {on:%b %Y}"


def span(first: date, last: date) -> str:
    """A day, or the first and the last of several."""
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    return f"{first.day} to {day(last)}" if first.month == last.month else f"{first.day} {first:%b} to {day(last)}"


LEVEL = {
    "centre": "central", "region": "regional", "gubernia": "provincial", "uezd": "uezd and okrug", "volost": "volost",
    "cell": "cell",
}  # fmt: skip
"""The level of a body as an adjective."""
