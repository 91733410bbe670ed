"""Small tables that views stand on: counts and chosen acts of a run, made when first asked for; and its findings in short.

Of a large run they are kept in the workshop too, so that the next server has them at once: some 10 MiB for 22 million acts. They
lie in a folder named after the run's digest and all that they are made by, so that what is found there is never out of date. A file
bears its checksum in its name and is moved into place when it is whole: several servers may make the same, and what is damaged is
made anew. All are taken into memory, so that nobody minds when the folder goes.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drivebelt import __version__
from drivebelt.errors import BadRun
from drivebelt.knowing.readings import SHARED
from drivebelt.parquet import literal
from drivebelt.results import Run
from drivebelt.web import short
from drivebelt.web.asked import Asked
from drivebelt.web.jobs import Limits

if TYPE_CHECKING:
    from drivebelt.web.library import Library

NAMED = "(select max(person) from persons where name is not null)"
"""Named persons have the lowest numbers; the last of them."""
BLOCK = 1024
"""Acts of which one row of `page_reach` tells."""
_TABLES = {
    # questions: number of acts, the first and the last, and how they were decided
    "page_matters": """
        select matter, count(*) as acts, count(*) filter (not recorded) as silent, bool_or(kind = 'agree') as circle,
               bool_or(kind = 'strike-off') as struck,
               bool_or(kind in ('decide', 'poll') and in_name_of is distinct from actor_organ) as behind,
               min(in_name_of) filter (kind in ('decide', 'poll')) as decided_as, min(act) as first, max(act) as last
        from acts where matter is not null group by matter order by matter""",
    # for a block of acts the last one that any of them brought about
    "page_reach": f"select cause // {BLOCK} as block, max(act) as last from acts where cause is not null group by 1 order by 1",
    # how often a body did what in whose name
    "page_deeds": """
        select actor_organ, in_name_of, kind, count(*) as n, count(*) filter (not recorded) as silent, min(day) as first,
            max(day) as last
        from acts where actor_organ is not null group by all order by all""",
    # acts that are looked at one by one: of kinds of which there are few, and those in which named persons have a part
    "page_chosen": f"""
        select * exclude (copy, channel, cause) from acts
        where kind in ('decide', 'poll', 'reject', 'appoint', 'elect', 'leave-post', 'propose', 'agree', 'combine', 'minute',
                       'mark-special-folder') or actor_person <= {NAMED} or target_person <= {NAMED} order by act""",
    # acts and papers of every body
    "page_work": """
        select organ, coalesce(a.n, 0) as acts, coalesce(d.n, 0) as papers from organs
        left join (select actor_organ as organ, sum(n)::bigint as n from page_deeds group by 1) a using (organ)
        left join (select issuer as organ, count(*) as n from documents group by 1) d using (organ) order by organ""",
    # questions of which a body of the Centre issued a decree in another's name
    "page_masked": """
        select distinct a.matter from (select matter, document, actor_organ, in_name_of from acts
            where kind = 'issue' and in_name_of is not null and in_name_of != actor_organ) a
        join (select document from documents where kind = 'decree') d using (document)
        join (select organ from organs where level = 'centre') o on o.organ = a.actor_organ order by a.matter""",
    # the understandings that made the circle
    "page_circle": "select * from acts where kind = 'combine' order by act",
}
"""Tables by name, in the order in which they are made."""
_VIEWS = {
    # decisions, by the body in whose name they stand and the one that made them
    "page_decisions": "select * from page_chosen where kind in ('decide', 'poll', 'reject')",
    # who was put into which post, by whom, and who left one
    "page_moves": """
        select act, day, kind, matter, actor_organ, actor_person, target_person as person, amount as post from page_chosen
        where kind in ('appoint', 'elect', 'leave-post')""",
    "page_shared": SHARED.replace("from acts", "from page_chosen"),
}
"""The same by other names and conditions: all of them over `page_chosen`."""
_STANDS_ON = {"page_work": "page_deeds", **dict.fromkeys(_VIEWS, "page_chosen")}
LARGE = 1_000_000
"""Acts from which on a run's tables are kept on disk and made by a process of their own."""
_RUNS = 6
"""Runs whose tables are kept on disk; those not asked for longest go."""
_JOB, _SHORT = "tables: ", "short"


def made(asked: Asked, *names: str) -> bool:
    """Makes these tables where the run does not have them yet; true once they are there."""
    library, run = asked.library, asked.run
    for name in names:
        if name in _STANDS_ON:
            made(asked, _STANDS_ON[name])
        library.kept(run, name, partial(_make, folder(library.workshop, run), run, name))
    return True


def foreseen(asked: Asked) -> None:
    """Begins to make all of them, so that they are there when a reader goes on from the first page."""
    library, run = asked.library, asked.run

    def soon() -> None:
        for name in (*_TABLES, *_VIEWS):
            library.soon(run, ("foreseen", name), partial(made, asked, name))

    place = folder(library.workshop, run)
    if place is None or all(_files(place, name) for name in (*_TABLES, _SHORT)):
        soon()
    else:
        step = ["tables", str(run.path), str(library.workshop)]
        library.jobs.start(_JOB + run.info["digest"], "Tables of the page", [step], limits=Limits(seconds=600), then=soon)


def prepared(library: Library, run: Run, name: str) -> str | None:
    """The full name of a table where it is there or lies on disk; None where it would have to be made, which takes long."""
    place = folder(library.workshop, run)
    if library.peek(run, name) is None:
        if place is None or not _files(place, name):
            return None
        library.kept(run, name, partial(_make, place, run, name))
    return f"memory.main.{name}"


def counted(asked: Asked) -> bool:
    """Whether the tables of the run are at hand, or it is so small that they are made at once. Raises BadRun for a damaged run."""
    place = folder(asked.library.workshop, asked.run)
    return place is None or all(_files(place, name) for name in _TABLES)


def in_short(asked: Asked) -> dict[str, Any] | None:
    """The findings of the run in short, None where they are still being made: that takes seconds."""
    library, run = asked.library, asked.run
    place = folder(library.workshop, run)
    if place is not None and library.peek(run, short.KEY) is None:
        found = _words(place)
        if found is not None:
            return library.kept(run, short.KEY, lambda: found)
        foreseen(asked)
        job = library.jobs.get(_JOB + run.info["digest"])
        if job is not None and not job.over:
            return None
    return library.soon(run, short.KEY, lambda: short.short(run))


def acts_of(asked: Asked, person: int) -> str:
    """The table in which all acts of a person stand, the smaller one where he is named."""
    last = asked.library.kept(asked.run, "last named", lambda: asked.run.rows(f"select {NAMED} as n")[0]["n"])
    if last is None or person > last:
        return "acts"
    made(asked, "page_chosen")
    return "page_chosen"


# -- on disk -----------------------------------------------------------------------------------------------------


def folder(workshop: Path, run: Run) -> Path | None:
    """Where the tables of a run are kept; None for a run that is small enough to do without."""
    if run.info["rows"].get("acts", 0) < LARGE:
        return None
    recipe = sha256(repr((__version__, _newest(), _TABLES)).encode()).hexdigest()
    return workshop / "tables" / f"{run.info['digest'][:20]}-{recipe[:12]}"


@cache
def _newest() -> int:
    """When the package was changed last: findings depend on much of it."""
    package = Path(__file__).parents[1]
    return max(f.stat().st_mtime_ns for end in ("py", "yaml") for f in package.rglob(f"*.{end}"))


def prepare(path: Path, workshop: Path) -> None:
    """Makes the tables of a run that the workshop lacks, out of the way of whoever reads the page meanwhile."""
    if hasattr(os, "nice"):
        os.nice(10)
    run = Run(path)
    run.rows("set memory_limit = '1GB'")
    place = folder(workshop, run)
    if place is None:
        return
    for name in _TABLES:
        _make(place, run, name)
    if _words(place) is None:
        found = short.short(run)
        if found["error"] is None:
            _keep(place, _SHORT, "json", lambda new: new.write_text(json.dumps(found), encoding="utf-8"))
    _tidy(workshop / "tables", place)


def _make(place: Path | None, run: Run, name: str) -> bool:
    """Takes a table from disk, or makes it and keeps it there."""
    if name in _VIEWS:
        run.rows(f"create or replace view {name} as {_VIEWS[name]}")
    elif place is None or not _read(place, run, name):
        run.rows(f"create or replace table {name} as {_TABLES[name]}")
        if place is not None:
            _write(place, run, name)
    return True


def _files(place: Path, name: str) -> list[Path]:
    return sorted(place.glob(f"{name}.*.*"))


def _checksum(file: Path) -> str:
    return f"{zlib.crc32(file.read_bytes()):08x}"


def _whole(place: Path, name: str) -> Iterator[Path]:
    """Files of a name that are undamaged; what is damaged is removed, what is gone meanwhile or not ours to read passed over."""
    for file in _files(place, name):
        with suppress(OSError):
            if file.name.split(".")[1] != _checksum(file):
                file.unlink(missing_ok=True)
                continue
            yield file


def _read(place: Path, run: Run, name: str) -> bool:
    """Takes a table from disk if it lies there undamaged."""
    for file in _whole(place, name):
        with suppress(BadRun):
            run.rows(f"create or replace table {name} as select * from read_parquet({literal(file)})")
            with suppress(OSError):
                os.utime(place)  # asked for lately: it stays
            return True
    return False


def _words(place: Path) -> dict[str, Any] | None:
    """The findings in short from disk, if they lie there undamaged."""
    for file in _whole(place, _SHORT):
        with suppress(OSError, ValueError):
            found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return found
    return None


def _write(place: Path, run: Run, name: str) -> None:
    """Keeps a table on disk."""
    _keep(
        place,
        name,
        "parquet",
        lambda new: run.rows(f"copy (select * from {name}) to {literal(new)} (format parquet, compression zstd)"),
    )


def _keep(place: Path, name: str, end: str, write: Callable[[Path], object]) -> None:
    """Keeps a file that `write` makes; where that cannot be, the next server makes it anew."""
    new = place / f".{uuid.uuid4().hex}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        write(new)
        new.replace(place / f"{name}.{_checksum(new)}.{end}")
    except (BadRun, OSError):
        with suppress(OSError):
            new.unlink(missing_ok=True)


def _tidy(tables: Path, place: Path) -> None:
    """Removes what was broken off long ago and the tables of runs that have not been asked for longest; servers hold theirs."""
    folders = sorted((f for f in tables.iterdir() if f != place), key=lambda f: f.stat().st_mtime, reverse=True)
    for old in folders[_RUNS - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
    for left in tables.glob("*/.*"):
        if time.time() - left.stat().st_mtime > 86_400:
            left.unlink(missing_ok=True)
