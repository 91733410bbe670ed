"""Own data: bring an archive, see what was understood, have it reconstructed, read why."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from importlib.resources import files
from typing import Any, cast

import duckdb
import yaml

from drivebelt.errors import BadInput
from drivebelt.interchange.mapping import FIELDS
from drivebelt.parquet import database, dictionaries, literal
from drivebelt.reconstruct import load
from drivebelt.reconstruct.result import Reconstruction
from drivebelt.web.asked import Asked, NotThere, link
from drivebelt.web.jobs import Job
from drivebelt.web.naming import amount
from drivebelt.web.page import Column, Page, Route, Table, paged
from drivebelt.web.uploads import LARGEST, LIMITS, Sent, Upload

EXAMPLE = "harrow-and-pine.csv"
"""A made example that comes with the page."""
_SETTINGS = {"date_format": None, "separator": ";", "delimiter": ",", "encoding": "utf-8"}
_FORMATS = {"csv": "a table (CSV)", "mbox": "a mailbox", "ocel2": "an event log (OCEL 2.0)"}
_TRAIL = (("Own data", "/own"),)
_EMPTY = "{}: {}."
_SHOWN = 20
"""Rows of a table of findings that the page shows."""


def _share(key: str, title: str, help: str = "") -> Column:
    """A column of shares or chances, told in per cent."""
    return Column(key, title, numeric=True, help=help, told=partial(amount, unit="share"))


def begin(asked: Asked) -> Page:
    """What can be brought, and the form for it."""
    return Page("own.html.j2", "Own data", {"largest": LARGEST >> 20, "example": f"/static/{EXAMPLE}"})


def receive(asked: Asked, sent: Sent) -> str:
    """Keeps a file that was sent, or the made example, and returns the address of its page."""
    if sent.fields.get("example"):
        with files("drivebelt.web").joinpath("static", EXAMPLE).open("rb") as file:
            return _address(asked.library.uploads.keep(Sent({}, cast(Any, file), EXAMPLE)))
    return _address(asked.library.uploads.keep(sent))


def _address(upload: Upload, *more: Any) -> str:
    return link("own", upload.name, *more)


def archive(asked: Asked) -> Page:
    """One archive that was brought: what its columns are, how far the work is, or what was found."""
    upload = asked.library.uploads.get(asked.parts["name"])
    about = upload.about()
    content = {"about": about, "format": _FORMATS[about["format"]], "here": _address(upload)}
    if (upload.found / "reconstruction.json").exists() and not asked.query.get("mapping"):
        return _found(asked, upload, content)
    failed = ""
    if about["format"] != "csv" or (upload.mapping.exists() and not asked.query.get("mapping")):
        job = _read(asked, upload, about["format"])
        if not job.over:
            return _waiting(about, content, job, "Reading and reconstructing")
        if job.state == "done":
            return _found(asked, upload, content)
        failed = job.said
        if about["format"] != "csv":
            raise BadInput(f"{about['title']}: {failed}")
    job = asked.library.jobs.start(
        f"own/{upload.name}/glance", "Looking at the table", [["glance", str(upload.file)]], limits=LIMITS._replace(seconds=20)
    )
    if not job.over:
        return _waiting(about, content, job, "Looking at the table")
    if job.state == "failed":
        raise BadInput(f"{about['title']}: {job.said}")
    seen = json.loads(job.printed[0])
    chosen = yaml.safe_load(upload.mapping.read_text(encoding="utf-8")) if upload.mapping.exists() else None
    content |= {"seen": seen, "fields": FIELDS, "failed": _plain(failed, upload, about)}
    content["chosen"] = chosen["columns"] if chosen else seen["guess"]
    content["settings"] = {
        **_SETTINGS,
        **{k: seen[k] for k in ("delimiter", "encoding", "date_format") if seen[k]},
        **(chosen or {}),
    }
    return Page("own_columns.html.j2", about["title"], content, trail=_TRAIL)


def _plain(said: str, upload: Upload, about: dict[str, Any]) -> str:
    """An error without places of this machine."""
    return said.replace(str(upload.file), about["title"]).replace(str(upload.mapping), "the columns")


def _waiting(about: dict[str, Any], content: dict[str, Any], job: Job, what: str) -> Page:
    content |= {"what": what, "job": {"state": job.state, "title": job.title}}
    return Page("own_waiting.html.j2", about["title"], content, trail=_TRAIL, refresh=1)


def _read(asked: Asked, upload: Upload, form: str) -> Job:
    mapping = ["--mapping", str(upload.mapping)] if upload.mapping.exists() else []
    key = hashlib.sha256(upload.mapping.read_bytes()).hexdigest()[:16] if mapping else "none"
    return asked.library.jobs.start(
        f"own/{upload.name}/{key}", "Reading and reconstructing",
        [["import", str(upload.file), "--from", form, *mapping, "--out", str(upload.archive)],
         ["reconstruct", str(upload.archive), "--out", str(upload.found)]],
        limits=LIMITS, out=upload.archive,
    )  # fmt: skip


def choose(asked: Asked, sent: Sent) -> str:
    """Takes what the columns are, or takes the archive away."""
    upload = asked.library.uploads.get(asked.parts["name"])
    if sent.fields.get("away"):
        asked.library.uploads.take_away(upload.name)
        return "/own"
    columns = {field: sent.fields[field] for field in FIELDS if sent.fields.get(field)}
    settings = {k: sent.fields[k] for k in _SETTINGS if sent.fields.get(k)}
    if settings.get("delimiter") == "\\t":
        settings["delimiter"] = "\t"
    text = yaml.safe_dump({"columns": columns, **settings}, allow_unicode=True, sort_keys=False)
    if not upload.mapping.exists() or text != upload.mapping.read_text(encoding="utf-8"):
        for made in (upload.archive, upload.found):
            asked.library.uploads.forget(made)
        upload.mapping.write_text(text, encoding="utf-8")
    return _address(upload)


def _base(upload: Upload) -> duckdb.DuckDBPyConnection:
    """The tables of the archive (a_...) and of the reconstruction (f_...) of one upload."""
    base = database()
    base.execute("set memory_limit = '400MB'")
    for letter, folder in (("a", upload.archive), ("f", upload.found)):
        for file in sorted(folder.glob("*.parquet")):
            base.execute(f"create view {letter}_{file.stem} as select * from read_parquet({literal(file)})")
    return base


def _rows(base: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
    return dictionaries(base.cursor().execute(query, parameters or []))


_TABLES = {
    "standing": (
        "Who stands above whom, by the letters alone",
        "select rank, name, score, heard_from, beside, writes_to, patience_hours from f_standing",
        "rank, name",
        (Column("rank", "Rank", True), Column("name", "Who"), Column("score", "Score", True),
         Column("heard_from", "Written to by", True), Column("beside", "Addressed beside", True),
         Column("writes_to", "Its own addressees are heard from by", True), Column("patience_hours", "Lets wait, hours", True)),
    ),
    "centres": (
        "Where what was done began: share of the papers that carry something on",
        "select name, avg(share) as share, min(month) as first, max(month) as last from f_centres group by name",
        "share desc, name",
        (Column("name", "Who"), _share("share", "Share"), Column("first", "From"), Column("last", "To")),
    ),
    "masks": (
        "Who only passes on: papers that repeat what was settled elsewhere",
        "select name, papers, settled, differing, lag_days, chance from f_masks",
        "settled desc, name",
        (Column("name", "Who"), Column("papers", "Papers", True), Column("settled", "Settled elsewhere", True),
         Column("differing", "That differ", True), Column("lag_days", "Days after", True)),
    ),
    "facade": (
        "In whose name others decided: share of all papers that a body issued, over the whole span",
        "select name, papers, share, low, high, chance from f_facade where quarter is null",
        "papers desc, name",
        (Column("name", "In whose name"), Column("papers", "Papers left", True), _share("share", "Decided by others"),
         _share("low", "At least", "Lower end of the 90 per cent interval of the share."),
         _share("high", "At most", "Upper end of the 90 per cent interval of the share."),
         _share("chance", "Only passes on", "Chance that fewer than one in twenty of its orders began with it.")),
    ),
    "network": (
        "Who is written to: ranks in the network of letters",
        "select name, in_degree, out_degree, pagerank from f_network",
        "pagerank desc, name",
        (Column("name", "Who"), Column("in_degree", "Written to by", True), Column("out_degree", "Writes to", True),
         Column("pagerank", "PageRank", True)),
    ),
    "cascades": (
        "Papers that carry out the same thing, and who stands above them all",
        """select c.cascade, papers, first_day, last_day, answer, c.lowest, m.subject, d.document from f_cascades c
           join (select cascade, min(document) as document from f_documents group by cascade) d using (cascade)
           left join a_documents a using (document) left join a_matters m on m.matter = a.matter""",
        "papers desc, cascade",
        (Column("papers", "Papers", True), Column("subject", "About"), Column("first_day", "First"), Column("last_day", "Last"),
         Column("answer", "Begun by")),
    ),
}  # fmt: skip


def _found(asked: Asked, upload: Upload, content: dict[str, Any]) -> Page:
    base = _base(upload)
    found = _reconstruction(asked, upload)
    told = json.loads((upload.archive / "archive.json").read_text(encoding="utf-8"))
    content |= {
        "told": _account(told, content["about"]["title"]), "summary": found.summary(), "learnt": found.info["learnt"],
        "can_change": content["about"]["format"] == "csv",
    }  # fmt: skip

    def ask(query: str, parameters: list[Any]) -> list[dict[str, Any]]:
        return _rows(base, query, parameters)

    page = Page("own_found.html.j2", content["about"]["title"], content, trail=_TRAIL)
    for name, (caption, query, order, columns) in _TABLES.items():
        rows = _rows(base, f"select * from ({query}) order by {order} limit {_SHOWN + 1}")
        linked = columns if name != "cascades" else (_to_paper(upload, columns[0]), *columns[1:])
        empty = found.info["standing_cannot_be_told"] if name == "standing" else None
        every = partial(_rows, base, f"select * from ({query}) order by {order}")
        page.tables[name] = Table(
            linked, rows[:_SHOWN], every=every, empty=_EMPTY.format(caption, empty or "nothing of the kind was found"),
            caption=f"{caption}; the first {_SHOWN}, all in the CSV" if len(rows) > _SHOWN else caption,
        )  # fmt: skip
    word = asked.word("q")
    content["q"] = word
    papers = """select d.document, d.date, o.name as issuer, coalesce(m.subject, '') as subject, f.answer, f.chance
        from a_documents d join a_organs o on o.organ = d.issuer left join a_matters m on m.matter = d.matter
        left join f_documents f using (document) where contains(lower(o.name || ' ' || coalesce(m.subject, '')), ?)"""
    columns = (
        _to_paper(upload, Column("document", "No.", True)), Column("date", "Day", sortable=True),
        Column("issuer", "In whose name", sortable=True), Column("subject", "About", sortable=True),
        Column("answer", "Begun by", sortable=True), _share("chance", "Chance"),
    )  # fmt: skip
    page.tables["papers"] = paged(
        asked, papers, [word.casefold()], columns, "document", rows=ask, caption="All papers", empty="No paper has these words."
    )
    return page


def _to_paper(upload: Upload, column: Column) -> Column:
    return column._replace(link=lambda row: _address(upload, "document", row["document"]))


def _account(told: dict[str, Any], title: str) -> dict[str, Any]:
    """What an import said, without places of this machine."""
    account = told.get("import", told)
    return {**{k: account.get(k) for k in ("unit", "read", "kept", "understood", "dropped", "noted", "examples")}, "file": title}


def _reconstruction(asked: Asked, upload: Upload) -> Reconstruction:
    when = (upload.found / "reconstruction.json").stat().st_mtime_ns
    return asked.library.once(("own", upload.name, when), lambda: load(upload.found))


def paper(asked: Asked) -> Page:
    """One paper: what the archive says of it, and why the engine answers as it does."""
    upload = asked.library.uploads.get(asked.parts["name"])
    number = asked.number("document")
    if not (upload.found / "reconstruction.json").exists():
        raise NotThere("this archive has not been reconstructed yet")
    base = _base(upload)
    rows = _rows(
        base,
        """select d.*, o.name as issuer_name, m.subject, p.name as signed from a_documents d join a_organs o on o.organ = d.issuer
           left join a_matters m on m.matter = d.matter left join a_persons p on p.person = d.signed_by where document = ?""",
        [number],
    )  # fmt: skip
    if not rows:
        raise NotThere(f"the archive has no paper {number}")
    to = "select o.name from a_copies c join a_organs o on o.organ = addressee_organ where document = ? order by copy"
    facts = rows[0]
    shown = ("document", "date", "kind", "grade", "number", "issuer_name", "signed", "subject", "parent_document")
    content = {
        "facts": {k: facts[k] for k in shown}, "addressees": [row["name"] for row in _rows(base, to, [number])],
        "why": _reconstruction(asked, upload).explain(number), "here": _address(upload),
    }  # fmt: skip
    trail = (*_TRAIL, (upload.about()["title"], _address(upload)))
    return Page("own_paper.html.j2", f"Paper {number}", content, trail=trail)


ROUTES = (
    Route("/own", begin, receive),
    Route("/own/{name}", archive, choose),
    Route("/own/{name}/document/{document}", paper),
)
