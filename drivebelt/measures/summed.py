"""Acts as most measures need them, made once: all of them in sum, and singly those that are few."""

from __future__ import annotations

PAPER_KINDS = ("receive", "consider", "set-aside", "execute", "report", "issue", "hand-over", "read", "return")
"""What the paper of every committee makes day by day: of twenty acts nineteen."""

TABLES = {
    "few": f"select * from acts where kind not in {PAPER_KINDS}",
    "summed": """
        select date_trunc('month', day)::date as month, kind, o.level, n.branch as named, in_name_of != actor_organ as masked,
               recorded, target_person is not null as personal, count(*) as n, count(amount) as amounts, sum(amount) as amount
        from acts left join organs o on o.organ = actor_organ left join organs n on n.organ = in_name_of group by all""",
}
"""`few` has the acts of all kinds but those of paper. `summed` has a row for each month, kind, level of the body that acts, branch
of the body named, and so on: how many acts, how many of them with an amount, and its sum."""
