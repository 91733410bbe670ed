"""What must hold in every run, whatever it shows."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivebelt.results import Run
from drivebelt.running.day import PLAN
from drivebelt.running.runner import Settings, execute

# Each query finds faults: it must give no row.
FAULTS = {
    "a cause is an earlier act": "select act from acts where cause is not null and cause >= act",
    "only outside events and the calendar have no cause": (
        "select act, kind from acts where cause is null and kind not in ('outside-event', 'calendar')"
    ),
    "an outside event has no cause": "select act from acts where cause is not null and kind in ('outside-event', 'calendar')",
    "acts are numbered in the order of days": (
        "select act from (select act, day, lag(day) over (order by act) as before from acts) where day < before"
    ),
    "a masked act has a party act of a higher or equal body behind it": """
        with masked as (
            select m.act, o.level, o.branch from acts m join organs o on o.organ = m.actor_organ
            where m.in_name_of is not null and m.in_name_of != m.actor_organ
        )
        select act from masked where branch not in ('party', 'informal')
    """,
    "the real author stands no lower than the mask": """
        select m.act from acts m join organs a on a.organ = m.actor_organ join organs n on n.organ = m.in_name_of
        where m.in_name_of != m.actor_organ
          and list_position(['centre','region','gubernia','uezd','volost','cell'], a.level)
            > list_position(['centre','region','gubernia','uezd','volost','cell'], n.level)
    """,
    "what left no paper has no document": "select act from acts where not recorded and document is not null",
    "an informal circle signs no paper": (
        "select document from documents join organs o on o.organ = issuer where o.branch = 'informal'"
    ),
    "no copy is burned before it is returned": """
        select c.document from copies c join acts a on a.act = c.burned_act
        where c.returned is null or c.returned > a.day
    """,
    "a burned copy says so": "select document from copies where (fate = 'burned') != (burned_act is not null)",
    "a copy is received after it is dispatched": "select document from copies where received < dispatched",
    "a copy is read after it is received": "select document from copies where read < received",
    "a lost copy never arrives": "select document from copies where fate = 'lost' and received is not null",
    "registers have no gap and no double": """
        select series from documents group by series
        having min(number) != 1 or max(number) != count(*) or count(distinct number) != count(*)
    """,
    "every paper stands in a register of its issuer and year": """
        select document from documents left join registers using (series)
        where organ is distinct from issuer or registers.year is distinct from year(date) or register is null
    """,
    "registers run in the order of days": """
        select series from
        (select series, date, lag(date) over (partition by series order by number) as before from documents)
        where date < before
    """,
    "every document has the copies it says": """
        select d.document from documents d
        left join (select document, count(*) as n from copies group by document) c using (document)
        where coalesce(n, 0) != d.copies
    """,
    "no document number is missing": "select 1 where (select max(document) + 1 from documents) != (select count(*) from documents)",
    "one holder a post at a time": """
        select a.post from tenures a join tenures b on a.post = b.post and a.person != b.person
        where a."from" < coalesce(b."to", date '9999-01-01') and b."from" < coalesce(a."to", date '9999-01-01')
    """,
    "a Politburo minute is lent only to persons": (
        "select c.document from copies c join documents d using (document) where d.kind = 'minutes' and addressee_person is null"
        " and addressee_organ in (select organ from organs where key in ('sovnarkom', 'ogpu', 'vtsik'))"
    ),
    "a strictly secret central paper does not go by post": """
        select c.document from copies c join documents d using (document) join organs o on o.organ = d.issuer
        where o.level = 'centre' and d.grade in ('strictly-secret', 'special-folder')
          and c.channel in ('post', 'messenger', 'press')
    """,
    "nobody acts before it exists": """
        select a.act from acts a join organs o on o.organ = a.actor_organ where a.day < o.valid_from
    """,
    "nobody acts after it is closed": """
        select a.act from acts a join organs o on o.organ = a.actor_organ where a.day > o.valid_to
          and o.branch != 'informal'  -- what a circle agreed on may be put through after it has dissolved
    """,
}


@pytest.mark.parametrize("name", FAULTS)
def test_no_fault(small: Run, name: str) -> None:
    assert small.rows(FAULTS[name] + " limit 5") == []


@pytest.mark.parametrize("name", FAULTS)
def test_no_fault_in_the_first_year(first_year: Run, name: str) -> None:
    assert first_year.rows(FAULTS[name] + " limit 5") == []


UNREACHED = """
    with recursive roots as (select act from acts where kind in ('outside-event', 'calendar')
        union all select a.act from acts a join roots on a.cause = roots.act)
    select (select count(*) from acts) - (select count(*) from roots) as unreached
"""


def test_every_cause_leads_to_an_outside_event_or_the_calendar(small: Run, first_year: Run) -> None:
    for run in (small, first_year):
        assert run.rows(UNREACHED) == [{"unreached": 0}]


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.integers(2, 10**6), st.dates(date(1922, 4, 3), date(1927, 12, 31)), st.integers(8, 24), st.sampled_from([0.002, 0.004]),
    st.sampled_from([[], ["free-press"], ["no-secret-paperwork"], ["elected-secretaries"], ["separation-of-party-and-state"]]),
    st.sets(st.sampled_from([m.name for m in PLAN]), max_size=2),
)  # fmt: skip
def test_no_fault_whatever_is_asked_for(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    start: date,
    days: int,
    scale: float,
    amendments: list[str],
    without: set[str],
) -> None:
    """Some weeks anywhere in the scenario, under other rules and without some of its mechanisms."""
    asked = Settings(
        seed=seed, start=start.isoformat(), end=(start + timedelta(days)).isoformat(), scale=scale, amendments=amendments,
        without=sorted(without),
    )  # fmt: skip
    run = Run(execute(asked, tmp_path_factory.mktemp("any") / "run", passing=True, only=()))
    assert run.rows(UNREACHED) == [{"unreached": 0}]
    assert {name: rows for name, query in FAULTS.items() if (rows := run.rows(query + " limit 5"))} == {}


def test_mechanisms_write_only_the_kinds_they_declare(small: Run, first_year: Run) -> None:
    declared = {kind for m in PLAN for kind in m.emits}
    for run in (small, first_year):
        assert {row["kind"] for row in run.rows("select distinct kind from acts")} <= declared


def test_the_run_does_what_the_model_is_about(small: Run) -> None:
    """Masks, silence, lending and burning all occur: the checks above are not about empty sets."""
    kinds = {row["kind"]: row["n"] for row in small.rows("select kind, count(*) as n from acts group by kind")}
    for kind in (
        "agree",
        "decide",
        "poll",
        "minute",
        "mark-special-folder",
        "issue",
        "hand-over",
        "return",
        "remind",
        "burn",
        "tell",
        "lose",
    ):
        assert kinds.get(kind, 0) > 0, kind
    assert small.rows("select count(*) as n from acts where not recorded")[0]["n"] > 0
    assert small.rows("select count(*) as n from copies where fate = 'burned'")[0]["n"] > 0


def test_burning_happens_every_fortnight_and_only_then(small: Run) -> None:
    days = [row["day"] for row in small.rows("select distinct day from acts where kind = 'burn' order by day")]
    assert len(days) > 5
    assert {(b - a).days for a, b in pairwise(days)} == {14}


def test_no_burning_before_the_rule(first_year: Run) -> None:
    assert first_year.rows("select act from acts where kind in ('burn', 'suspend') limit 1") == []


def test_who_keeps_too_much_is_cut_off_until_he_returns_it(small: Run) -> None:
    """Between suspension and resumption no minutes are sent to the holder."""
    faults = small.rows(
        """
        with gaps as (
            select s.target_organ as organ, s.day as since,
                   (select min(day) from acts where kind = 'resume' and target_organ = s.target_organ and day >= s.day) as until
            from acts s where s.kind = 'suspend'
        )
        select c.document from copies c join documents d using (document) join gaps g on g.organ = c.addressee_organ
        where d.kind = 'minutes' and d.date > g.since and d.date < coalesce(g.until, date '9999-01-01') limit 3
        """
    )
    assert faults == []
    assert small.rows("select count(*) as n from acts where kind = 'suspend'")[0]["n"] > 0


def test_the_special_folder_hides_the_decision(small: Run) -> None:
    """A matter of the special folder is in the minutes by its mark or not at all, never in plain words."""
    assert (
        small.rows(
            """select m.act from acts m join acts x on x.matter = m.matter and x.kind in ('mark-special-folder', 'keep-unminuted')
               where m.kind = 'minute' limit 3"""
        )
        == []
    )


def test_distance_costs_days(small: Run) -> None:
    """Provinces over 2,000 km by rail get ordinary directives later than those within 500."""
    rows = small.rows(
        """
        select case when o.longitude > 70 then 'far' else 'near' end as place, median(received - date) as days
        from copies c join documents d using (document)
        join organs o on o.organ = c.addressee_organ join organs i on i.organ = d.issuer where i.key = 'central-committee'
          and d.kind in ('circular', 'letter') and o.level in ('region', 'gubernia')
          and (o.longitude > 70 or (o.longitude between 34 and 42 and o.latitude > 52)) and received is not null
        group by 1 order by 1
        """
    )
    days = {row["place"]: row["days"] for row in rows}
    assert days["far"] > days["near"] + 2


def test_cipher_is_faster_than_couriers(small: Run) -> None:
    rows = small.rows(
        """select channel, median(received - dispatched) as days from copies join organs on organ = addressee_organ
           where level = 'gubernia' and channel in ('cipher', 'courier-b', 'post') and received is not null group by channel"""
    )
    days = {row["channel"]: row["days"] for row in rows}
    assert days["cipher"] < days["courier-b"] <= days["post"]
