"""Documented holders of posts: they come in on their day and leave on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from drivebelt import records as r
from drivebelt.power.appointing import empty, leave
from drivebelt.power.state import with_room
from drivebelt.world import leaders

if TYPE_CHECKING:
    from drivebelt.world import World


def change(w: World, day: int) -> None:
    """Heads of bodies whose day it is come in, documented holders of posts below the Centre whose time is over leave."""
    for organ, person in w.heads.get(day, ()):
        elected = leaders.elected(w, r.CENTRAL_ORGANS[organ]) if organ < len(r.CENTRAL_ORGANS) else []
        if elected and person not in elected:
            continue  # a documented chairman who was not elected to the body
        if leaders.expelled(w, person):
            continue
        w.desk.organs[organ]["head"] = person
        _take_office(w, organ, person, day)
    for post, person in w.ends.get(day, ()):
        if w.power.posts["holder"][post] == person:
            organ = int(w.power.posts["organ"][post])
            leave(w.power, person, day)
            if w.desk.organs["head"][organ] == person:
                w.desk.organs["head"][organ] = r.NONE


def _take_office(w: World, organ: int, person: int, day: int) -> None:
    """A documented holder comes into the first post of a body; whoever was in it stands at the Centre's disposal."""
    posts, persons = w.power.posts, w.power.persons
    found = np.flatnonzero((posts["organ"] == organ) & (posts["head"] == 1))
    if not found.size:
        return
    post = int(found[0])
    out, before = int(posts["holder"][post]), int(persons["post"][person])
    if out not in (r.NONE, person) and persons["post"][out] == post and posts["level"][post] > r.CENTRE:
        persons["post"][out], persons["appointed"][out], persons["apparatus"][out], persons["stake"][out] = r.NONE, 0, 0, 0
    if before not in (r.NONE, post) and posts["level"][before] > r.CENTRE and posts["holder"][before] == person:
        w.power = with_room(w.power, 1)
        empty(w.power, before, day)
        if posts["head"][before] and w.desk.organs["head"][posts["organ"][before]] == person:
            w.desk.organs["head"][posts["organ"][before]] = r.NONE
    posts["holder"][post] = person
    persons["post"][person], persons["level"][person], persons["gone"][person] = post, posts["level"][post], 0
    persons["area"][person], persons["since"][person] = posts["area"][post], day
    persons["branch"][person] = posts["branch"][post]
    persons["stake"][person] = w.power.stakes[posts["level"][post], posts["head"][post]]
    persons["apparatus"][person] = posts["branch"][post] == r.PARTY
    today = w.date(day)
    for t in w.people.tenures:
        if t["post"] == post and t["person"] == person and t["from"] == today:
            persons["appointed"][person] = t["by_appointment"]
