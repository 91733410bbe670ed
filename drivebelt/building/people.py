"""Posts, persons and tenures at the start: the named in their documented posts, synthetic officials in all others."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt import records as r
from drivebelt.building.dates import end, whole
from drivebelt.errors import BadInput
from drivebelt.world.parts import People

if TYPE_CHECKING:
    from drivebelt.building.builder import Builder

Tenure = dict[str, Any]


def populate(b: Builder, organs: npt.NDArray[np.void]) -> tuple[People, dict[int, list[tuple[int, int]]]]:
    """Fills every post and sets the head of every body.

    Returns the people and, by day of the run, the changes of head as (organ, person). The first post of a body is its
    head's. Raises BadInput for a tenure of an unknown person or post.
    """
    given = b.scenario.people
    number = {name: i for i, name in enumerate(given["persons"])}
    persons: list[dict[str, Any]] = [
        {
            "name": p["name"],
            "party_since": _year(p.get("party_since")),
            "class_origin": p.get("class_origin") or "unknown",
        }
        for p in given["persons"].values()
    ]
    held: dict[int, list[Tenure]] = {}
    for t in given["tenures"]:
        for post in _seats(b, t["post"]):
            span = _span(t)
            if all(_apart(span, (o["from"], o["to"])) for o in held.get(post, ())):
                held.setdefault(post, []).append(_tenure(b, number, t, post, span))
                break
    regional = given.get("regional") or []
    first_post: dict[int, int] = {}
    for post, (organ, _) in enumerate(b.posts):
        first_post.setdefault(organ, post)
    for t in regional:
        at = _regional_organ(b, t)
        if at is not None:
            post = first_post[at]
            span = _span(t)
            if all(_apart(span, (o["from"], o["to"])) for o in held.get(post, ())):
                held.setdefault(post, []).append(_tenure(b, number, t, post, span))
    _index(b, held)
    tenures = [t for post in sorted(held) for t in sorted(held[post], key=lambda t: t["from"])]
    heads: dict[int, list[tuple[int, int]]] = {}
    _fill(b, organs, persons, tenures, held, first_post, heads)
    on_list = {
        (branch, level, head): _on_list(b, branch, level, head)
        for branch in range(len(r.BRANCHES)) for level in range(len(r.LEVELS)) for head in (False, True)
    }  # fmt: skip
    posts = [
        {
            "organ": organ,
            "name": name,
            "on_nomenklatura": on_list[b.rows[organ]["branch"], b.rows[organ]["level"], first_post[organ] == post],
            "approver": _approver(b, organ),
        }
        for post, (organ, name) in enumerate(b.posts)
    ]
    return People(posts, persons, tenures, number), heads


def _fill(
    b: Builder, organs: npt.NDArray[np.void], persons: list[dict[str, Any]], tenures: list[Tenure],
    held: dict[int, list[Tenure]], first_post: dict[int, int], heads: dict[int, list[tuple[int, int]]],
) -> None:  # fmt: skip
    """Puts a synthetic official in every post outside the Centre that nobody named holds on the first day."""
    shares, origins = b.value("class_share"), []
    for name in sorted(shares):
        origins.append((name, shares[name]))
    since = sorted((int(year[1:]), share) for year, share in b.value("party_since_share").items())
    luck = draws.fractions(b.seed, "people", np.arange(len(b.posts)))
    joined = draws.fractions(b.seed, "people", np.arange(len(b.posts)), 1)
    cumulative = np.cumsum([share for _, share in origins])
    origin = np.searchsorted(cumulative, luck * cumulative[-1], side="right").tolist()
    year = np.searchsorted([share for _, share in since], joined, side="left").tolist()
    for post, (organ, _) in enumerate(b.posts):
        row = b.rows[organ]
        named = held.get(post, ())
        now = [t for t in named if t["from"] <= b.start and (t["to"] is None or t["to"] > b.start)] if named else ()
        is_head = first_post[organ] == post
        person = now[0]["person"] if now else r.NONE
        if not now and row["level"] > r.CENTRE and row["opens"] == 0:
            person = len(persons)
            persons.append(
                {
                    "name": None,
                    "party_since": since[min(year[post], len(since) - 1)][0],
                    "class_origin": origins[min(origin[post], len(origins) - 1)][0],
                }
            )
            until = min([row["until"] or date.max, *(t["from"] for t in named)]) if named else row["until"] or date.max
            tenures.append(
                {
                    "person": person, "post": post, "from": max(row["since"], b.start), "to": None if until == date.max else until,
                    "appointed_by": organ, "by_appointment": False,
                }
            )  # fmt: skip
        if is_head:
            organs[organ]["head"] = person
            for t in named:
                day = b.day(t["from"])
                if t["from"] > b.start and day < b.days:
                    heads.setdefault(day, []).append((organ, t["person"]))
    for _ in range(_workers(b)):
        persons.append({"name": None, "party_since": b.start.year, "class_origin": "worker", "worker": True})
    _wait(b, persons, since, origins)
    tenures.sort(key=itemgetter("post", "from", "person"))


def _wait(b: Builder, persons: list[dict[str, Any]], since: list[tuple[int, float]], origins: list[tuple[str, float]]) -> None:
    """The reserve at the disposal of the Centre and the committees, and those who come forward as others die and as new bodies need
    more people than closed ones set free: `comes` is the day."""
    rows = [b.rows[organ] for organ, _ in b.posts if r.CENTRE < b.rows[organ]["level"] < r.VOLOST]
    posts = sum(row["opens"] == 0 for row in rows)
    a_day = posts * b.value("deaths_a_year") / b.value("days_a_year")
    comes = [0] * int(posts * b.value("reserve_at_start")) + [int(i / a_day) for i in range(int(a_day * b.days))]
    change = np.zeros(b.days + 1, np.int64)
    for row in rows:
        if 0 < row["opens"] < b.days:
            change[row["opens"]] += 1
        if row["closes"] < b.days:
            change[row["closes"]] -= 1
    most = np.maximum.accumulate(np.maximum(np.cumsum(change), 0))
    comes += np.repeat(np.arange(most.size), np.diff(most, prepend=0)).tolist()
    total = len(comes)
    first = len(persons)
    joined = draws.fractions(b.seed, "people", np.arange(first, first + total), 1)
    luck = draws.fractions(b.seed, "people", np.arange(first, first + total))
    shares = np.cumsum([share for _, share in origins])
    for i in range(total):
        year = next((y for y, share in since if joined[i] <= share), since[-1][0])
        origin = origins[min(int(np.searchsorted(shares, luck[i] * shares[-1], side="right")), len(origins) - 1)][0]
        persons.append({"name": None, "party_since": year, "class_origin": origin, "comes": comes[i]})


def _on_list(b: Builder, branch: int, level: int, head: bool) -> bool:
    """Whether the Centre fills such posts at some time of the run, by the lists in force."""
    if level == r.CENTRE:
        return True
    rule = b.rules["nomenklatura_heads" if head else "nomenklatura_others"]
    last = b.start.toordinal() + b.days
    dates = [b.start, *(on for on, _ in rule.values if b.start < on and on.toordinal() < last)]
    reach = [r.LEVELS.index(table.get(r.BRANCHES[branch], "centre")) for on in dates if (table := rule.at(on))]
    return any(level <= deepest for deepest in reach)


def _workers(b: Builder) -> int:
    """How many workers from the bench a rule may bring into the Central Committee; they hold no post."""
    return max(int(seats or 0) for _, seats in b.rules["workers_elected"].values)


def _index(b: Builder, held: dict[int, list[Tenure]]) -> None:
    """Lets the scenario look up holders of posts and members of bodies."""
    b.scenario.seats_of = b.named_posts
    for key, seats in b.named_posts.items():
        for post in seats:
            for t in held.get(post, ()):
                b.scenario.posts_of.setdefault(key, []).append((t["from"], t["to"], t["person"]))
                if "member" in key and "candidate" not in key:
                    organ = b.rows[b.posts[post][0]]["key"]
                    b.scenario.members.setdefault(organ, []).append((t["from"], t["to"], t["person"]))


def _tenure(b: Builder, number: dict[str, int], t: dict[str, Any], post: int, span: tuple[date, date | None]) -> Tenure:
    if t["person"] not in number:
        raise BadInput(f"scenarios/data/people.yaml: tenure of {t['person']!r}, who is not under persons; add the person")
    return {
        "person": number[t["person"]], "post": post, "from": span[0], "to": span[1],
        "appointed_by": b.scenario.organ_of.get(t.get("appointed_by") or "", r.NONE),
        "by_appointment": bool(t.get("by_appointment", False)),
    }  # fmt: skip


def _seats(b: Builder, post: str) -> list[int]:
    if post not in b.named_posts:
        raise BadInput(f"scenarios/data/people.yaml: post {post!r} is not in centre.yaml; add it there or mend the name")
    return b.named_posts[post]


def _regional_organ(b: Builder, t: dict[str, Any]) -> int | None:
    """The body a regional tenure belongs to: the committee for secretaries, the executive committee for chairmen."""
    branch = r.STATE if "chairman" in t["post"] else r.POLICE if "GPU" in t["post"] else r.PARTY
    if t["post"] != "secretary" and branch == r.PARTY:
        return None
    organs = b.of_territory.get((t["territory"], branch))
    return organs[0] if organs else None


def _approver(b: Builder, organ: int) -> int:
    above = b.rows[organ]["above"]
    return above if above != r.NONE else r.CC


def _apart(a: tuple[date, date | None], o: tuple[date, date | None]) -> bool:
    return (a[1] is not None and a[1] <= o[0]) or (o[1] is not None and o[1] <= a[0])


def _span(t: dict[str, Any]) -> tuple[date, date | None]:
    return whole(t.get("from")), end(t.get("to"))


def _year(value: Any) -> int | None:
    return int(str(value)[:4]) if value is not None else None
