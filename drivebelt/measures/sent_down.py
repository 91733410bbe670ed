"""Directives of the Centre: matters on which the Central Committee sent papers down, and how many bodies passed each on."""

from __future__ import annotations

DOWN = ("circular", "closed-letter", "cipher-telegram")
"""Kinds of paper that carry a directive down."""


def sent_down(kinds: tuple[str, ...] = DOWN) -> str:
    """The query that gives (matter, issued, kind, subject, domain, bodies), a row for each matter with papers of these kinds.

    `issued` and `kind` are those of the first paper, `bodies` those that issued a directive of their own on it.
    """
    return f"""(
    with central as (
        select matter, min(date) as issued, arg_min(kind, document) as kind from documents join organs on organ = issuer
        where key = 'central-committee' and documents.kind in {kinds} and matter is not null group by matter
    ), reach as (
        select matter, count(distinct issuer) as bodies from documents
        where kind = 'directive' and matter in (select matter from central) group by matter
    )
    select matter, issued, central.kind, subject, domain, coalesce(bodies, 0) as bodies
    from central left join reach using (matter) join matters using (matter))"""
