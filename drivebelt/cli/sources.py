"""Commands that show what goes in: `scenarios`, `rules` and `evidence`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from drivebelt.cli.shared import AS_JSON, FIELDS, example, is_date, print_json, say, wrapped
from drivebelt.errors import BadInput


@click.command(epilog=example("drivebelt scenarios"))
@AS_JSON
def scenarios(as_json: bool) -> None:
    """Lists the scenarios and the shipped amendments."""
    from drivebelt.rulebook.amendments import shipped
    from drivebelt.scenario import Scenario, scenario_names

    found = [Scenario(name) for name in scenario_names()]
    amendments = shipped()
    if as_json:
        rows = [{"scenario": s.name, "from": s.start, "to": s.end, "about": s.about} for s in found]
        print_json({"scenarios": rows, "amendments": [{"amendment": n, "question": q} for n, q in amendments.items()]})
        return
    for s in found:
        wrapped(f"{s.name:<14} {s.start} to {s.end}  {s.about}", "", 15)
    click.echo()
    click.echo("Amendments (drivebelt run --amend NAME):")
    width = max(len(name) for name in amendments)
    for name, question in amendments.items():
        wrapped(f"{name:<{width}}  {question}", "", width + 2)


@click.command(epilog=example("drivebelt rules --at 1924-09-01 --mechanism cipher"))
@click.option("--at", "day", callback=is_date, metavar="DATE", help="Only rules in force on this day.")
@click.option("--mechanism", help="Only rules of this field.")
@click.option("--amend", "amendments", multiple=True, metavar="NAME-or-FILE", help="With these amendments applied.")
@AS_JSON
def rules(day: date | None, mechanism: str | None, amendments: Sequence[str], as_json: bool) -> None:
    """Prints the rules with their values and sources."""
    from drivebelt.rulebook import load
    from drivebelt.rulebook.rules import nearest

    book = load(list(amendments))
    fields = sorted({rule.mechanism for rule in book.values()})
    if mechanism and mechanism not in fields:
        raise BadInput(f"--mechanism {mechanism}: no such field{nearest(mechanism, fields, FIELDS)}")
    chosen = [rule for rule in book.values() if mechanism in (None, rule.mechanism)]
    rows = []
    for rule in chosen:
        held = [v for v in rule.values if day is None or v[0] <= day]
        if not held or (day is not None and rule.at(day) is None):
            continue
        since, value = held[-1]
        rows.append(
            {
                "rule": rule.id,
                "mechanism": rule.mechanism,
                "value": value,
                "unit": rule.unit_text(),
                "since": since,
                "date_precision": rule.date_precision,
                "about": rule.about,
                "source": rule.citation(),
                "assumed": rule.assumed,
            }
        )
    if as_json:
        print_json(rows)
        return
    shown = None
    for row in sorted(rows, key=lambda row: (row["mechanism"], row["rule"])):
        if row["mechanism"] != shown:
            shown = row["mechanism"]
            click.echo(click.style(f"\n{shown}", bold=True))
        value = (
            ""
            if row["value"] is True
            else f" = {_value(row['value'])}{' ' + row['unit'] if row['unit'] and not isinstance(row['value'], dict) else ''}"
        )
        dated = {
            "day": str(row["since"]),
            "month": str(row["since"])[:7],
            "year": str(row["since"])[:4],
            "unknown": "undated",
        }[row["date_precision"]]
        wrapped(f"{row['rule']}{value}  ({dated})", "  ", 6)
        wrapped(row["about"], "      ")
        wrapped(row["source"], "      ")
    click.echo(f"\n{len(rows)} rules" + (f" in force on {day}" if day else ""))


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {_value(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return str(value)


@click.command(epilog=example("drivebelt evidence return burned --kind rule --cite bibtex"))
@click.argument("query", nargs=-1)
@click.option("--kind", help="organ, post, person, document, rule, event, quantity, cascade, trace or claim.")
@click.option("--at", "day", callback=is_date, metavar="DATE", help="Dated to this day or in force on it.")
@click.option("--mechanism", help="Field of a rule, event or claim.")
@click.option("--person", help="Records that name this person.")
@click.option("--cite", type=click.Choice(["bibtex", "ris", "csl"]), help="Citations for a reference manager.")
@AS_JSON
@click.option("--check", is_flag=True, help="Check every record and reference and stop.")
def evidence(
    query: Sequence[str], kind: str | None, day: date | None, mechanism: str | None, person: str | None, cite: str | None,
    as_json: bool, check: bool,
) -> None:  # fmt: skip
    """Searches the cited facts of the book."""
    from drivebelt.evidence import evidence as search
    from drivebelt.evidence import mechanisms, records
    from drivebelt.rulebook.rules import nearest

    if check:
        from drivebelt.evidence.schema import check as check_all

        click.echo(f"{check_all(records()):,} records, all sound")
        return
    if mechanism and mechanism not in mechanisms():
        raise BadInput(f"--mechanism {mechanism}: no such field{nearest(mechanism, mechanisms(), FIELDS)}")
    found = search(" ".join(query), kind=kind, at=day, mechanism=mechanism, person=person)
    if as_json:
        print_json(found)
        return
    if cite:
        from drivebelt.evidence.cite import STYLES

        click.echo(STYLES[cite](found))
        return
    from drivebelt.evidence.cite import where

    for record in found:
        name = record.get("name") or record.get("title") or ""
        dated = record.get("date") or " to ".join(str(record[k]) for k in ("from", "to") if record.get(k))
        click.echo(click.style(record["id"], bold=True) + (f"  {name}" if name else "") + (f"  ({dated})" if dated else ""))
        wrapped(record["text"], "    ")
        wrapped(f"{where(record)}; {record['certainty'].replace('_', ' ')}", "    ")
    click.echo(f"{len(found):,} record{'s' * (len(found) != 1)}")
    if not found:
        say("nothing has all of that; give fewer words, or parts of words")
