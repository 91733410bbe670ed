"""What lies in an office's own keeping: whether it was spared, which no paper of its that lies elsewhere tells.

Its own copies and the entries of its own books are left only where it was not burned; so are the copies that others sent it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from drivebelt.reconstruct.columns import whole, words

Words = npt.NDArray[np.str_]
Ints = npt.NDArray[np.int64]

_OWN = """with own as (
    select series, number from documents where file_copy and number is not null
    union select a.series, a.number from acts a join registers r using (series)
        where a.actor_organ = r.organ and a.number is not null)
select series, count(*) as numbers from own where series is not null group by series order by series"""
_OFFICES = """select distinct office from (
    select issuer as office from documents where file_copy
    union all select holder from copies union all select actor_organ from acts)
where office is not null order by office"""
_UNHEARD = """with heard as (select distinct o.level, o.branch from registers r join organs o using (organ))
select o.organ as office, o.level || ' ' || o.branch as body from organs o anti join heard using (level, branch)
where o.level is not null and o.branch is not null
    and coalesce(o.valid_from, $since) < $until and coalesce(o.valid_to, $until) > $since
order by o.organ"""


@dataclass(frozen=True)
class Keeping:
    """What offices themselves have left."""

    offices: Ints
    """Offices of whose own keeping anything is left, in order."""
    series: Ints
    """Series, in order, of which numbers are known from the office's own copies or books,"""
    numbers: Ints
    """and how many."""
    unheard: Ints
    """Offices of classes of which no register is known,"""
    body: Words
    """and the class of each."""


def keeping_of(archive: Any) -> Keeping | None:
    """What is left of each office's own keeping; None where the archive does not say where its papers lie."""
    if not archive.sql("select (select count(holder) from copies) + (select count_if(file_copy) from documents)").fetchall()[0][0]:
        return None
    period = {name: date.fromisoformat(archive.info[key]) for name, key in (("since", "from"), ("until", "to"))}
    own, offices, rest = (
        archive.sql(query, given).to_arrow_table() for query, given in ((_OWN, None), (_OFFICES, None), (_UNHEARD, period))
    )
    return Keeping(
        whole(offices["office"]), whole(own["series"]), whole(own["numbers"]), whole(rest["office"]), words(rest["body"])
    )
