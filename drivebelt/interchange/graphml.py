"""GraphML of the bodies: who stands under whom, and how many papers passed from one to another."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from drivebelt.errors import BadRun
from drivebelt.interchange.source import Source

_NODE = {
    "name": "string", "level": "string", "branch": "string", "valid_from": "string", "valid_to": "string", "territory": "string",
    "latitude": "double", "longitude": "double",
}  # fmt: skip
_EDGE = {"relation": "string", "weight": "long", "first": "string", "last": "string"}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""
_CONTROL = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}
"""Characters that XML 1.0 cannot hold."""


def _data(key: str, value: object) -> str:
    return "" if value is None else f"<data key={quoteattr(key)}>{escape(str(value).translate(_CONTROL))}</data>"


def write(source: Source, out: Path) -> dict[str, int]:
    """Writes bodies as nodes and two relations as directed edges; returns how many of each. `out` must not exist.

    `under` goes from a body to the one above it and has no weight; `papers` goes from the body whose name a document bears to
    the one its copies were addressed to: `weight` is the number of copies, `first` and `last` the days of the documents.
    Papers of one body to itself are left out. Raises BadRun where there is no table of organs.
    """
    if "organ" not in source.columns.get("organs", ()):
        raise BadRun(f"{source.path}: no table of organs; there is no graph to write")
    have = source.columns["organs"]
    shown = [name for name in _NODE if name in have]
    counts = {"bodies": 0, "under": 0, "papers": 0}
    with out.open("x", encoding="utf-8") as file:
        file.write(_HEAD)
        for domain, keys in (("node", {n: _NODE[n] for n in shown}), ("edge", _EDGE)):
            for name, kind in keys.items():
                file.write(f'<key id="{domain}-{name}" for="{domain}" attr.name="{name}" attr.type="{kind}"/>\n')
        file.write('<graph id="bodies" edgedefault="directed">\n')
        for batch in source.batches(f"select organ, {', '.join(shown) or 'null'} from organs order by organ"):
            for row in batch.to_pylist():
                cells = "".join(_data(f"node-{name}", row[name]) for name in shown)
                file.write(f'<node id="organ-{row["organ"]}">{cells}</node>\n')
                counts["bodies"] += 1
        for relation, query in _relations(source):
            for batch in source.batches(query):
                for row in batch.to_pylist():
                    values = {"relation": relation, **{k: row[k] for k in ("weight", "first", "last")}}
                    cells = "".join(_data(f"edge-{name}", value) for name, value in values.items())
                    a, b = row["a"], row["b"]
                    file.write(f'<edge id="{relation}-{a}-{b}" source="organ-{a}" target="organ-{b}">{cells}</edge>\n')
                    counts[relation] += 1
        file.write("</graph>\n</graphml>\n")
    return counts


def _relations(source: Source) -> list[tuple[str, str]]:
    """A query for each relation the tables can give."""
    found = []
    if "parent" in source.columns["organs"]:
        found.append(
            (
                "under",
                "select organ a, parent b, null weight, null first, null last from organs"
                " where parent in (select organ from organs) order by a",
            )
        )
    if "addressee_organ" in source.columns.get("copies", ()) and "issuer" in source.columns["documents"]:
        found.append(
            (
                "papers",
                "select d.issuer a, c.addressee_organ b, count(*) weight, min(d.date) as first, max(d.date) as last"
                " from copies c join documents d using (document)"
                " where d.issuer <> c.addressee_organ and d.issuer in (select organ from organs)"
                " and c.addressee_organ in (select organ from organs) group by all order by a, b",
            )
        )
    return found
