"""What a run shows: who decides, how much paper, how long it takes, and how that stands beside the documented figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drivebelt.cases import case, case_names, episode
from drivebelt.errors import BadInput
from drivebelt.experiments.targets import targets
from drivebelt.owing import DELEGATES

if TYPE_CHECKING:
    from drivebelt.results import Run

_BY_LEVEL = """
    select level, count(distinct organ) as bodies, sum(acts) as acts, sum(documents) as documents from (
        select actor_organ as organ, count(*) as acts, 0 as documents from acts group by 1
        union all select issuer, 0, count(*) from documents group by 1
    ) join organs using (organ) group by level
"""
_BY_KIND = "select kind, count(*) as acts from acts group by kind order by acts desc, kind"
_DECIDERS = """
    select m.name as body, count(*) as decisions, sum((a.actor_organ != a.in_name_of)::int) as settled_before
    from acts a join organs m on m.organ = a.in_name_of where a.kind in ('decide', 'poll')
    group by m.name order by decisions desc, body
"""
_CHANNELS = """
    select channel, level, count(*) as copies, median(received - dispatched) as days,
           quantile_disc(received - dispatched, 0.9) as days_90
    from copies join organs on organ = addressee_organ where received is not null and dispatched is not null
    group by all order by level, channel
"""
_SECRET_LINE = """
    select sum((not recorded)::int) as silent, count(*) as acts,
           sum((kind = 'agree')::int) as agreed, sum((kind = 'keep-unminuted')::int) as unminuted,
           sum((kind = 'strike-off')::int) as stricken, sum((kind = 'burn')::int) as burnings,
           sum(case when kind = 'burn' then amount else 0 end) as burned from acts
"""


_CIRCLES = """
    select a.day, string_agg(p.name, ', ' order by p.name) as members, any_value(t.name) as against
    from acts a join persons p on p.person = a.actor_person left join persons t on t.person = a.target_person
    where a.kind = 'combine' group by a.day order by a.day
"""
_MEETINGS = f"""
    with {DELEGATES}
    select day, o.name as body, count(*) as delegates, sum(full_time::int) as officials, sum(no) as against
    from delegates join organs o on o.organ = body group by all order by day
"""


@dataclass
class Findings:
    """The findings of one run, as rows."""

    run: Run
    levels: list[dict[str, Any]]
    kinds: list[dict[str, Any]]
    deciders: list[dict[str, Any]]
    channels: list[dict[str, Any]]
    silence: dict[str, Any]
    lags: list[dict[str, Any]]
    circles: list[dict[str, Any]]
    meetings: list[dict[str, Any]]
    anchors: list[dict[str, Any]]
    cases: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {name: value for name, value in vars(self).items() if name != "run"} | {"run": self.run.info}

    def text(self) -> str:
        """The findings for a terminal."""
        info, rows = self.run.info, self.run.info["rows"]
        out = [
            f"{info['scenario']}, {info['from']} to {info['to']}, seed {info['seed']}, scale {info['scale']:g}"
            + (f", amended: {', '.join(info['amendments'])}" if info["amendments"] else ""),
            f"{rows['acts']:,} acts, {rows['documents']:,} documents, {rows['copies']:,} copies, {rows['matters']:,} matters",
            "", "Who decides",
        ]  # fmt: skip
        for d in self.deciders:
            share = 100 * d["settled_before"] / d["decisions"]
            out.append(f"  {d['body']:<26} {d['decisions']:>7,} decisions, {share:5.1f} % settled before by the circle")
        s = self.silence
        out.append(
            f"  {s['agreed']:,} agreements by word of mouth, {s['stricken']:,} matters struck off, "
            f"{s['unminuted']:,} decisions entered nowhere;"
        )
        out.append(
            f"  {100 * s['silent'] / s['acts']:.1f} % of all acts left no paper; "
            f"{s['burned']:,} copies burned in {s['burnings']:,} burnings"
        )
        out += ["", "The informal circle, as it comes out"]
        for c in self.circles:
            out.append(f"  {c['day']}  {c['members']}" + (f"; against {c['against']}" if c["against"] else ""))
        if self.meetings:
            out += ["", "Congresses and conferences"]
        for m in self.meetings:
            paid, no = 100 * m["officials"] / m["delegates"], 100 * m["against"] / m["delegates"]
            out.append(
                f"  {m['day']}  {m['body']:<18} {m['delegates']:>5,} delegates, {paid:4.0f} % paid officials, {no:4.1f} % against"
            )
        out += ["", "Acts and documents by level"]
        for d in self.levels:
            out.append(f"  {d['level']:<10} {d['bodies']:>7,} bodies {d['acts']:>12,} acts {d['documents']:>11,} documents")
        out += ["", "Days from the Centre (directives; median of the months)"]
        out.append("  " + ", ".join(f"{d['level']} {d['days']:.0f}" for d in self.lags))
        out += ["", "Beside the documented figures", f"  {'':<62}{'documented':>11}{'run':>10}"]
        for d in self.anchors:
            documented = "-" if d["documented"] is None else f"{d['documented']:,}"
            run = "-" if d["run"] is None else f"{d['run']:,.1f}".rstrip("0").rstrip(".")
            out.append(f"  {d['name']:<62}{documented:>11}{run:>10}  {d['unit']}  [{d['kind']}]")
        out += ["", "Episodes (lags in days, documented / simulated)"]
        for c in self.cases:
            pairs = [f"{x['documented_lag']}/{x['simulated_lag']}" for x in c["steps"] if x["documented_lag"] is not None]
            missing = sum(x["simulated"] is None for x in c["steps"])
            text = ", ".join(pairs) or "no two documented days"
            out.append(f"  {c['name']:<22} {text}" + (f"; {missing} step(s) did not happen" if missing else ""))
        return "\n".join(out)


def findings(run: Run) -> Findings:
    """Computes the findings of a run from its tables."""
    order = "['centre', 'region', 'gubernia', 'uezd', 'volost', 'cell']"
    lags = run.rows(
        f"""select scope as level, median(value) as days from measures where measure = 'lag'
            group by scope order by list_position({order}, scope)"""
    )
    return Findings(
        run,
        run.rows(_BY_LEVEL + f"order by list_position({order}, level)"),
        run.rows(_BY_KIND),
        run.rows(_DECIDERS),
        run.rows(_CHANNELS),
        run.rows(_SECRET_LINE)[0],
        lags,
        run.rows(_CIRCLES),
        run.rows(_MEETINGS),
        anchors(run),
        _cases(run),
    )


def anchors(run: Run) -> list[dict[str, Any]]:
    """Documented figures beside those of the run."""
    return [
        {
            **{k: getattr(t, k) for k in ("name", "topic", "kind", "documented", "unit", "dated", "remark")},
            "run": t.value(run),
            "source": t.cited,
        }
        for t in targets()
        if t.scenario == run.info["scenario"]
    ]


def _cases(run: Run) -> list[dict[str, Any]]:
    out = []
    for name in case_names():
        if episode(name)["scenario"] == run.info["scenario"]:
            try:
                out.append(case(name, run).as_dict())
            except BadInput:
                continue  # the run ends before this episode
    return out
