"""What a run shows: who decides, how much paper, how long it takes, and how that stands beside the documented figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from drivebelt.cases import case, case_names, episode
from drivebelt.errors import BadInput
from drivebelt.experiments.targets import targets
from drivebelt.measures.owing import DELEGATES
from drivebelt.safe_yaml import read_yaml

if TYPE_CHECKING:
    from drivebelt.results import Run

_ORDER = "['centre', 'region', 'gubernia', 'uezd', 'volost', 'cell']"
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
    select a.day, string_agg(coalesce(p.name, 'official no. ' || p.person), ', ' order by p.name nulls last, p.person) as members,
           any_value(coalesce(t.name, 'official no. ' || t.person)) as against
    from acts a join persons p on p.person = a.actor_person left join persons t on t.person = a.target_person
    where a.kind = 'combine' group by a.day order by a.day
"""
_MEETINGS = f"""
    with delegates as ({DELEGATES})
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

    def text(self, styled: bool = False, width: int | None = None) -> str:
        """The findings for a terminal of a width, by default a hundred columns; `styled` with headings in bold."""
        from drivebelt.report.terminal import WIDTH, text

        return text(self, styled, width or WIDTH)


def findings(run: Run) -> Findings:
    """Computes the findings of a run from its tables."""
    found = in_short(run)
    found.levels = run.rows(_BY_LEVEL + f"order by list_position({_ORDER}, level)")
    found.kinds = run.rows(_BY_KIND)
    found.channels = run.rows(_CHANNELS)
    found.circles = run.rows(_CIRCLES)
    found.cases = _cases(run)
    return found


def in_short(run: Run) -> Findings:
    """The findings that a summary needs; the others are left empty."""
    lags = run.rows(
        f"""select scope as level, median(value) as days from measures where measure = 'lag'
            group by scope order by list_position({_ORDER}, scope)"""
    )
    deciders, silence = run.rows(_DECIDERS), run.rows(_SECRET_LINE)[0]
    return Findings(run, [], [], deciders, [], silence, lags, [], meetings(run), anchors(run), [])


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


@cache
def scenario_file(scenario: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A scenario and its people as they stand in their files; read here, so that a report loads no compiled code."""
    folder = files("drivebelt").joinpath("scenarios", "data")
    read = read_yaml(folder.joinpath(f"{scenario}.yaml").read_bytes(), f"scenarios/data/{scenario}.yaml")
    return read, read_yaml(folder.joinpath(read["people"]).read_bytes(), f"scenarios/data/{read['people']}")


def meetings(run: Run) -> list[dict[str, Any]]:
    """Congresses and conferences of a run with their names: delegates, paid officials among them, votes against."""
    names = {row["date"]: row["name"] for row in scenario_file(run.info["scenario"])[0].get("congresses", ())}
    rows = run.rows(_MEETINGS)
    wide = {
        row["day"]: row["value"] for row in run.rows("select day, value from measures where measure = 'apparatus-with-part-time'")
    }
    for row in rows:
        row["name"] = names.get(row["day"], row["body"])
        row["part_time"] = wide.get(row["day"])
    return rows


def _cases(run: Run) -> list[dict[str, Any]]:
    out = []
    narrow = _episodes_only(run)
    for name in case_names():
        if episode(name)["scenario"] == run.info["scenario"]:
            try:
                out.append(case(name, narrow).as_dict())
            except BadInput:
                continue  # the run ends before this episode
    return out


def _episodes_only(run: Run) -> Run:
    """The same run with the matters of episodes alone in the tables of acts and documents: every step is a query of its own.

    It is opened anew, so that others may go on asking the whole one.
    """
    from drivebelt.results import Run as Opened

    narrow = Opened(run.path)
    for name in ("acts", "documents"):
        narrow.rows(f"create table narrow as select * from {name} where matter in (select matter from episodes)")
        narrow.rows(f"drop view {name}")
        narrow.rows(f"alter table narrow rename to {name}")
    return narrow
