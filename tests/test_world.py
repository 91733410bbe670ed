"""The world: real places, documented totals, named people in their posts."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from drivebelt import draws
from drivebelt.results import Run
from drivebelt.territory import MOSCOW, great_circle_km, territories


def test_known_distances() -> None:
    places = {t.id: (t.lat, t.lon) for t in territories().values()}
    assert abs(great_circle_km(MOSCOW, places["petrograd"]) - 634) < 15
    assert abs(great_circle_km(MOSCOW, places["siberia"]) - 2811) < 30
    assert great_circle_km(MOSCOW, MOSCOW) == 0


def test_every_territory_lies_within_the_country() -> None:
    for t in territories().values():
        assert 35 < t.lat < 78 and 20 < t.lon < 180, t
        assert t.valid_to is None or t.valid_to > t.valid_from, t


def test_districts_lie_near_their_province() -> None:
    known = territories()
    far = [
        t.id
        for t in known.values()
        if t.level == "uezd"
        and known[t.parents[0][1]].level == "gubernia"
        and great_circle_km((t.lat, t.lon), (known[t.parents[0][1]].lat, known[t.parents[0][1]].lon)) > 1700
    ]
    assert far == []


def test_the_country_of_april_1922(first_year: Run) -> None:
    rows = first_year.rows(
        """select level, branch, count(*) as n from organs where valid_from <= date '1922-04-03'
           and (valid_to is null or valid_to > date '1922-04-03') group by all"""
    )
    n = {(row["level"], row["branch"]): row["n"] for row in rows}
    assert 85 <= n["gubernia", "party"] <= 100
    assert 600 <= n["uezd", "party"] <= 720
    assert n["gubernia", "state"] == n["gubernia", "party"] == n["gubernia", "police"]


def test_named_people_hold_their_documented_posts(first_year: Run) -> None:
    query = """
        select p.name from tenures t join persons p using (person) join posts q using (post) join organs o using (organ)
        where o.key = ? and q.name like ? and t."from" <= ? and (t."to" is null or t."to" > ?) order by p.name
    """

    def holders(body: str, post: str, on: date) -> list[str]:
        return [row["name"] for row in first_year.rows(query, [body, post, on, on])]

    assert holders("secretariat", "General Secretary", date(1922, 4, 3)) == ["I. V. Stalin"]
    assert holders("bureau-of-secretariat", "first assistant%", date(1922, 6, 1)) == ["A. M. Nazaretyan"]
    politburo = holders("politburo", "member%", date(1922, 5, 1))
    assert len(politburo) == 7 and "V. I. Lenin" in politburo and "L. D. Trotsky" in politburo


def test_synthetic_officials_have_no_names(first_year: Run) -> None:
    rows = first_year.rows(
        """select count(*) as n from persons p join tenures t using (person) join posts q using (post) join organs o using (organ)
           where p.name is not null and o.level in ('uezd', 'volost', 'cell')"""
    )
    assert rows == [{"n": 0}]


@given(st.integers(0, 2**31 - 1), st.integers(1, 40), st.integers(-(2**40), 2**40), st.integers(-(2**40), 2**40))
def test_draws_are_pure_functions_in_their_range(seed: int, stream: int, a: int, b: int) -> None:
    u = draws.uniform(seed, stream, a, b)
    assert u == draws.uniform(seed, stream, a, b) and 0 <= u < 1
    assert 0 <= draws.below(seed, stream, a, b, 7) < 7
    assert draws.spread(seed, stream, a, b, 0.35) > 0


def test_draws_look_uniform_and_independent() -> None:
    import numpy as np

    u = draws.fractions(1, "traits", np.arange(100_000))
    v = draws.fractions(1, "traits", np.arange(100_000), 1)
    assert abs(u.mean() - 0.5) < 0.005 and abs(u.std() - 12**-0.5) < 0.003
    assert abs(np.corrcoef(u, v)[0, 1]) < 0.01
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 0.01
