"""Archives: every regime destroys what it says, nothing leads back to the truth, and the same archive is made again to the byte."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pytest
from conftest import command, refused

from drivebelt import evidence
from drivebelt.archive import Archive, rules
from drivebelt.archive.keys import Key
from drivebelt.archive.left import Asked, left
from drivebelt.archive.paper import Source, read
from drivebelt.archive.regimes import fate, parse
from drivebelt.archive.survival import papers, thinned
from drivebelt.archive.survival import volumes as books_of
from drivebelt.errors import BadInput
from drivebelt.results import Run

TRUTH = {
    "documents": {"originator"},
    "matters": {"originator_organ", "originator_person"},
    "acts": {"cause", "recorded", "in_name_of"},
}
CONTRACT = {
    "organs": "organ name level branch parent valid_from valid_to territory",
    "posts": "post organ name on_nomenklatura approver",
    "persons": "person name party_since class_origin",
    "tenures": "person post from to appointed_by by_appointment",
    "matters": "matter opened domain subject secrecy_category",
    "documents": "document series number date kind issuer matter grade parent_document copies wording",
    "copies": "document copy addressee_organ addressee_person channel dispatched received receipt due returned burned_act fate",
    "acts": "act day kind matter document copy actor_organ actor_person target_organ target_person channel grade amount",
    "measures": "measure day scope value",
}
JOIN = "from a.documents x join t.documents y using (series, number)"
LIKE_CHANCE = 0.05


@pytest.fixture(scope="module")
def complete(small: Run, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return small.archive("complete", out=tmp_path_factory.mktemp("archive") / "complete")


@pytest.fixture(scope="module")
def purged(small: Run, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return small.archive("purge-1937", out=tmp_path_factory.mktemp("archive") / "purged")


def beside(archive: Archive, run: Run, query: str) -> list[tuple[object, ...]]:
    """A query over an archive (schema a) and the run it came from (t), as only the holder of both can ask it."""
    both = duckdb.connect()
    for name, top in (("a", archive.path), ("t", run.path)):
        both.execute(f"create schema {name}")
        for table in ("documents", "copies", "acts", "matters", "organs", "posts"):
            files = top / table / "*.parquet" if (top / table).is_dir() else top / f"{table}.parquet"
            both.execute(f"create view {name}.{table} as select * from read_parquet('{files}')")
    return both.execute(query).fetchall()


def test_the_columns_of_the_contract_are_there_and_those_of_the_truth_are_not(purged: Archive) -> None:
    for name, columns in CONTRACT.items():
        here = set(getattr(purged, name).schema.names)
        assert set(columns.split()) <= here
        assert not TRUTH.get(name, set()) & here
    said = json.loads((purged.path / "archive.json").read_text())
    assert said["regime"] == "purge-1937" and said["day_of_access"] == "1939-03-10"
    assert {p.suffix for p in purged.path.iterdir()} == {".parquet", ".json"}
    assert not {"ties", "rules", "episodes"} & {p.stem for p in purged.path.iterdir()}
    assert purged.measures.num_rows == 0


def test_nothing_in_the_manifest_names_the_run(small: Run, purged: Archive) -> None:
    text = (purged.path / "archive.json").read_text()
    for word in (small.info["digest"], small.info["rules_digest"], str(small.path), small.info["scenario"]):
        assert word not in text
    assert "seed" not in text


@pytest.mark.parametrize(
    "pair",
    [
        (f"select x.document, y.document {JOIN}", "document"),
        (f"select distinct x.matter, y.matter {JOIN}", "matter"),
        (
            "select n, y.document from (select row_number() over () n, * from a.documents) x "
            "join t.documents y using (series, number)",
            "row",
        ),
        (
            "select x.act, z.act from a.acts x join t.documents y on y.series = x.series and y.number = x.number "
            "join t.acts z on z.document = y.document and z.copy = x.copy and z.kind = x.kind and z.day = x.day",
            "act",
        ),
    ],
    ids=lambda pair: pair[1],
)  # fmt: skip
def test_numbers_and_order_say_nothing_of_the_run(small: Run, purged: Archive, pair: tuple[str, str]) -> None:
    here, there = np.array(beside(purged, small, pair[0]), float).T
    assert here.size > 1000
    assert abs(np.corrcoef(here, there)[0, 1]) < LIKE_CHANCE
    along = there[np.argsort(here, kind="stable")]
    assert abs(np.corrcoef(along[:-1], along[1:])[0, 1]) < LIKE_CHANCE  # nor do neighbours
    assert np.mean(here == there) < 0.001


def test_rows_say_nothing_of_time_or_body(purged: Archive) -> None:
    for table, column in (
        ("documents", "epoch(date)"),
        ("documents", "issuer"),
        ("acts", "epoch(day)"),
        ("copies", "addressee_organ"),
    ):
        values = np.array(purged.sql(f"select {column} from {table}").fetchall(), float).ravel()
        assert abs(np.corrcoef(np.arange(values.size), values)[0, 1]) < LIKE_CHANCE, (table, column)


def test_no_file_tells_when_it_was_written(purged: Archive) -> None:
    assert len({place.stat().st_mtime for place in (*purged.path.iterdir(), purged.path)}) == 1


def test_hashes_of_rows_and_wordings_join_nothing(small: Run, purged: Archive) -> None:
    rows = beside(purged, small, "select count(*) from (select hash(document, series, number, date, kind, issuer, matter, grade, parent_document, copies, wording) h from a.documents) x join (select hash(document, series, number, date, kind, issuer, matter, grade, parent_document, copies, wording) h from t.documents) y using (h)")  # fmt: skip # noqa: E501
    assert rows == [(0,)]
    assert beside(purged, small, "select count(*) from a.documents x join t.documents y using (wording)")[0][0] == 0
    assert beside(purged, small, "select count(*) from a.documents x semi join t.documents y using (document, matter)")[0][0] < 5


def test_distances_between_wordings_stay(small: Run, complete: Archive) -> None:
    pairs = f"""with j as (select x.wording as mine, y.wording as his, row_number() over (order by series, number) as n {JOIN})
        select bit_count(xor(p.mine, q.mine)), bit_count(xor(p.his, q.his)) from j p join j q on q.n = p.n + 1"""
    mine, his = np.array(beside(complete, small, pairs)).T
    assert np.array_equal(mine, his) and 5 < mine.mean() < 40


def test_a_dossier_is_of_one_body_and_joins_its_papers(small: Run, complete: Archive) -> None:
    bodies, mixed = beside(
        complete, small,
        "select max(n), sum(m) from (select count(distinct x.issuer) n, (count(distinct y.matter) > 1)::int m "
        f"{JOIN} group by x.matter)",
    )[0]  # fmt: skip
    assert (bodies, mixed) == (1, 0)
    apart = beside(complete, small, f"select count(*) from (select y.matter, x.issuer {JOIN} group by all having count(distinct x.matter) > 1)")  # fmt: skip # noqa: E501
    assert apart == [(0,)]
    wide = beside(
        complete, small, "select count(*) from (select matter from t.documents group by 1 having count(distinct issuer) > 3)"
    )
    assert int(wide[0][0]) > 100  # type: ignore[call-overload]  # there are cascades to be torn apart
    foreign = complete.sql(
        "select count(*) from acts a join documents d using (document) where a.matter is not null and d.issuer <> a.actor_organ"
    )
    assert foreign.fetchall() == [(0,)]


def test_no_state_paper_names_a_party_paper_but_by_a_breach(small: Run, complete: Archive) -> None:
    named = beside(
        complete, small,
        "select coalesce(b.document is not null, false), count(*) from a.documents x join a.documents g on "
        "g.document = x.parent_document "
        "join t.organs o on o.organ = x.issuer join t.organs p on p.organ = g.issuer "
        "join t.documents y on y.series = x.series and y.number = x.number "
        "left join (select distinct document from t.acts where kind = 'breach') b on b.document = y.document "
        "where o.branch <> 'party' and p.branch = 'party' group by 1",
    )  # fmt: skip
    assert [breach for breach, _ in named] == [True]
    by_party = beside(
        complete, small,
        f"select avg((x.parent_document is not null)::int) {JOIN} join t.organs o on o.organ = x.issuer "
        "where y.parent_document is not null and o.branch = 'party' and x.kind not in ('reminder', 'reply')",
    )[0][0]  # fmt: skip
    assert by_party == pytest.approx(rules().citing.share.value, abs=0.03)  # type: ignore[union-attr]


def test_entries_show_no_mask_and_nothing_unrecorded(small: Run, complete: Archive) -> None:
    kinds = {kind for (kind,) in complete.sql("select distinct kind from acts").fetchall()}
    assert not kinds & {"tell", "agree", "learn", "keep-unminuted", "outside-event", "believe", "open-matter", "breach"}
    assert {"receive", "issue", "return", "burn"} <= kinds
    informal = complete.sql("select count(*) from acts join organs o on o.organ = actor_organ where o.branch = 'informal'")
    assert informal.fetchall() == [(0,)]
    signed = complete.sql("select count(actor_person) from acts where kind in ('issue', 'decide', 'elect')")
    assert signed.fetchall() == [(0,)]
    issuers = complete.sql(
        "select count(*) from acts a join documents d using (document) where a.kind = 'issue' and a.actor_organ <> d.issuer"
    )
    assert issuers.fetchall() == [(0,)]


def test_complete_keeps_what_was_on_paper_and_not_burned_or_lost(small: Run, complete: Archive) -> None:
    assert complete.documents.num_rows == small.info["rows"]["documents"]
    gone = small.sql("select count(*) filter (fate = 'burned'), count(*) filter (fate = 'lost') from copies").fetchall()[0]
    assert min(gone) > 0
    assert complete.copies.num_rows == small.info["rows"]["copies"] - sum(gone)
    assert complete.sql("select count(*) from copies where fate in ('burned', 'lost')").fetchall() == [(0,)]


def test_documents_are_there_when_a_copy_is(purged: Archive) -> None:
    loose = purged.sql("select count(*) from copies anti join documents using (document)")
    assert loose.fetchall() == [(0,)]
    nothing = purged.sql("select count(*) from (select * from documents where not file_copy) anti join copies using (document)")
    assert nothing.fetchall() == [(0,)]
    assert purged.sql("select count(*) from documents where not file_copy").fetchall()[0][0] > 0


def test_each_regime_destroys_what_it_says(small: Run, purged: Archive, tmp_path: Path) -> None:
    lent = small.archive("rules-1924", out=tmp_path / "lent")
    fates = dict(lent.sql("select fate, count(*) from copies group by 1").fetchall())
    before = dict(small.sql("select fate, count(*) from copies group by 1").fetchall())
    assert fates.get("held", 0) < 0.1 * before["held"] and fates["kept"] > 0.9 * before["kept"]

    secret = beside(
        purged, small,
        f"select y.grade <> 'open', count(x.number)::double / count(*) {JOIN.replace(' join', ' right join')} "
        "join t.organs o on o.organ = y.issuer where o.level = 'uezd' group by 1 order by 1",
    )  # fmt: skip
    assert secret[0][1] > secret[1][1] + 0.05  # type: ignore[operator]  # secret files go with cleansed offices

    security = small.archive("kgb-1954", out=tmp_path / "kgb")
    local = security.sql(
        "select count(*) from copies c join organs o on o.organ = c.holder where o.branch = 'police' and "
        "o.level in ('uezd', 'volost')"
    )
    assert local.fetchall() == [(0,)]
    entries = security.sql(
        "select count(*) from acts a join organs o on o.organ = actor_organ where branch = 'police' and level = 'uezd'"
    )
    assert entries.fetchall() == [(0,)]

    held = "join organs o on o.organ = c.holder join documents d using (document) where d.grade = 'special-folder' and o.branch = 'party' and o.level <> 'centre'"  # noqa: E501
    late = small.archive("august-1991", out=tmp_path / "august")
    folders = [a.sql(f"select count(*) from copies c {held}").fetchall()[0][0] for a in (security, late)]
    assert folders[0] > 100 and folders[1] < 0.1 * folders[0]

    # each on top of the one before, but for what is made up later
    losing = [left(small, Asked(a.regime)) for a in (lent, purged, security, late)]
    real = [set(np.flatnonzero(what.number[: what.real] >= 0).tolist()) for what in losing]
    assert all(later < earlier for earlier, later in pairwise(real))


def test_every_regime_goes_on_from_one_before() -> None:
    chains = [[name for name, _ in fate(regime).losses] for regime in rules().regimes]
    for before, after in pairwise(chains):
        assert after[: len(before)] == before and len(after) > len(before)


def test_readers_see_less(small: Run, tmp_path: Path) -> None:
    closed = small.archive("complete", out=tmp_path / "1970", reader="historian-1970")
    grades = {grade for (grade,) in closed.sql("select distinct grade from documents").fetchall()}
    assert grades == {"open", "for-service-use"}
    assert closed.sql("select count(*) from acts where kind = 'receive'").fetchall() == [(0,)]  # secret registers
    later = small.archive("complete", out=tmp_path / "1993", reader="historian-1993")
    assert closed.documents.num_rows < later.documents.num_rows < small.info["rows"]["documents"]
    assert closed.info["day_of_access"] == "1970-12-31"
    assert "before the losses" in refused(
        "archive", small.path, "--regime", "august-1991", "--reader", "historian-1970", "--out", tmp_path / "never"
    )


@pytest.mark.parametrize("correlated", ["none", "office", "subject"])
def test_shares_of_further_loss_are_kept_and_nested(small: Run, correlated: str) -> None:
    paper = read(Source(small))
    items = papers(paper)
    volumes = books_of(paper, rules().journals.books, 1924, 1925)
    alive, key = np.ones(items.entity.size, bool), Key("x")
    before = np.zeros(items.entity.size, bool)
    for share in (0.1, 0.6, 1.0):
        kept, registers = thinned(items, alive, volumes, share, correlated, key, paper.many)
        documents = np.unique(items.document[kept]).size
        coarse = 2 if correlated == "none" else 0.1 * paper.many  # the last unit goes or stays as a whole
        assert documents == pytest.approx(share * paper.many, abs=coarse)
        assert np.all(kept[before]) and (share < 1 or registers.all())
        before = kept


def test_loss_by_office_falls_together(small: Run, tmp_path: Path) -> None:
    spread = {}
    for correlated in ("none", "office"):
        archive = small.archive("complete", out=tmp_path / correlated, survival=0.3, correlated=correlated)
        own = beside(
            archive, small,
            "select avg(coalesce(x.file_copy, false)::int) s, count(*) n from t.documents y left join a.documents x "
            "using (series, number) group by y.issuer having n > 30",
        )  # fmt: skip
        spread[correlated] = float(np.std([s for s, _ in own]))
    assert spread["office"] > 2 * spread["none"]


def test_altered_texts_show_as_copies_that_disagree(small: Run, complete: Archive, purged: Archive) -> None:
    disagree = "select count(distinct d.document) from documents d join copies c using (document) where c.wording <> d.wording"
    assert complete.sql(disagree).fetchall() == [(0,)]
    assert purged.sql(disagree).fetchall()[0][0] > 10
    bits = purged.sql(
        "select distinct bit_count(xor(c.wording, d.wording)) from documents d join copies c using (document) "
        "where c.wording <> d.wording"
    ).fetchall()
    assert {b for (b,) in bits} <= set(range(1, 15))  # a typist's slips are fewest
    truth = left(small, Asked("purge-1937"))  # whoever holds the run can say which
    n = truth.paper.many
    changed = np.flatnonzero(truth.alteration[n:] >= 0)
    assert changed.size and np.all(truth.numbered[changed])


def test_covers(small: Run, purged: Archive) -> None:
    assert purged.sql("select count(*) from organs where branch = 'informal' or key in ('seven', 'troika', 'nine')").fetchall() == [
        (0,)
    ]
    assert purged.sql("select count(*) from organs where name = 'The leading team'").fetchall() == [(1,)]
    names = {name.split(",")[0] for (name,) in purged.sql("select distinct name from posts").fetchall()}
    assert not names & set(rules().covers.census.posts)
    assert purged.posts.num_rows < small.posts.num_rows
    assert purged.sql("select count(appointed_by), count(by_appointment) from tenures").fetchall() == [(0, 0)]


def test_the_same_archive_is_made_again_to_the_byte(small: Run, purged: Archive, tmp_path: Path) -> None:
    def mark(path: Path) -> list[tuple[str, str]]:
        return [(p.name, hashlib.sha256(p.read_bytes()).hexdigest()) for p in sorted(path.iterdir())]

    again = small.archive("purge-1937", out=tmp_path / "again")
    assert mark(again.path) == mark(purged.path)
    other = small.archive("purge-1937", out=tmp_path / "other", seed=2)
    assert mark(other.path) != mark(purged.path)


def test_the_command_line(small: Run, tmp_path: Path) -> None:
    done = command("archive", small.path, "--regime", "complete", "--survival", "0.25", "--out", tmp_path / "a", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["survival"] == 0.25 and said == Archive(tmp_path / "a").info
    assert "25.0%" in command("archive", small.path, "--regime", "complete", "--survival", "0.25", "--out", tmp_path / "b").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--regime", "purge-1938"), "purge-1937"),
        (("--regime", "complete", "--reader", "nobody"), "historian-1970"),
        (("--regime", "complete", "--survival", "0"), "above 0"),
        (("--regime", "complete", "--survival", "nan"), "above 0"),
        (("--regime", "complete", "--correlated", "office"), "--survival"),
        (("--regime", "complete", "--survival", "0.5", "--correlated", "moon"), "office"),
        (("--regime", "complete", "--seed", "-1"), "--seed"),
    ],
)
def test_bad_settings_are_refused(small: Run, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    assert words in refused("archive", small.path, *arguments, "--out", tmp_path / "x")
    assert not list(tmp_path.iterdir())


def test_bad_places_are_refused(small: Run, purged: Archive, tmp_path: Path) -> None:
    assert "not empty" in refused("archive", small.path, "--regime", "complete", "--out", purged.path)
    assert "no such run" in refused("archive", tmp_path / "none", "--regime", "complete", "--out", tmp_path / "x")
    (tmp_path / "file").write_text("")
    assert "choose another" in refused("archive", small.path, "--regime", "complete", "--out", tmp_path / "file" / "x")
    broken = tmp_path / "broken"
    broken.mkdir()
    for place in small.path.iterdir():
        (broken / place.name).symlink_to(place)
    (broken / "organs.parquet").unlink()
    (broken / "organs.parquet").write_bytes(b"PAR1 not really PAR1")
    assert "run anew" in refused("archive", broken, "--regime", "complete", "--out", tmp_path / "y")
    assert not (tmp_path / "y").exists() and not (tmp_path / "y.unfinished").exists()


def test_damaged_archives_are_refused(purged: Archive, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"no archive\.json"):
        Archive(tmp_path)
    (tmp_path / "archive.json").write_text('{"regime": 1}')
    with pytest.raises(Exception, match="damaged"):
        Archive(tmp_path)


def test_the_data_is_cited_and_assumptions_are_marked() -> None:
    known = {record["id"] for record in evidence.records()}
    book = rules()
    cited = [*book.citing.evidence, *book.journals.evidence, *book.covers.pseudonyms.evidence, *book.covers.census.evidence]
    for one in (*book.regimes.values(), *book.readers.values()):
        for entry in (*one.losses.values(), *one.alterations.values()):
            cited += entry.evidence
    assert not set(cited) - known
    assert [name for name, one in book.readers.items() if one.access is None] == []


def test_bad_data_is_refused_by_its_place() -> None:
    from importlib.resources import files

    text = files("drivebelt.archive").joinpath("regimes.yaml").read_text()
    for old, new, words in (
        ("range: [0.9, 1.0]", "range: [0.1, 0.2]", "outside its range"),
        ("branches: [police]}}", "branches: [policemen]}}", "policemen"),
        ("unit: leader", "unit: star", "unit"),
        ("share: 1.0\n        rate: {value: 0.97", "share: 1.5\n        rate: {value: 0.97", "share"),
    ):
        with pytest.raises(BadInput, match=words):
            parse(text.replace(old, new, 1), "regimes.yaml")
    with pytest.raises(BadInput, match="line"):
        parse("regimes: [", "regimes.yaml")


def test_losses_read_the_calendar() -> None:
    personal = fate("complete", "historian-2002").losses[1][1]
    assert personal.where.younger_than == 75 and fate("complete", "historian-2002").access == date(2002, 12, 31)


def test_a_keyed_order_is_a_permutation_and_depends_on_every_word() -> None:
    orders = [Key(*words).order("documents", np.arange(1000)) for words in (("a", 1), ("a", 2), ("b", 1))]
    for order in orders:
        assert np.array_equal(np.sort(order), np.arange(1000))
    assert not np.array_equal(orders[0], orders[1]) and not np.array_equal(orders[0], orders[2])
    words = np.arange(1000, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    masked = Key("a").wording(words)
    assert np.array_equal(np.bitwise_count(masked[:-1] ^ masked[1:]), np.bitwise_count(words[:-1] ^ words[1:]))
    flips = Key("a").flips(np.arange(500), 6, 14, "x")
    assert set(np.bitwise_count(flips).tolist()) == set(range(6, 15))


def test_the_key_is_written_apart_and_on_request_only(small: Run, tmp_path: Path) -> None:
    """It joins every document, lies outside of the archive, and leaves the archive as it is to the byte."""
    with_key = small.archive("purge-1937", out=tmp_path / "a", seed=5, key=tmp_path / "keys" / "a.parquet")
    small.archive("purge-1937", out=tmp_path / "b", seed=5)
    for part in sorted((tmp_path / "a").iterdir()):
        assert part.read_bytes() == (tmp_path / "b" / part.name).read_bytes()
    assert "seed" not in (tmp_path / "a" / "archive.json").read_text()
    key = duckdb.sql(f"select * from read_parquet('{tmp_path / 'keys' / 'a.parquet'}')").fetchall()
    marks = dict(small.sql("select document, (series, number) from documents").fetchall())
    here = dict(with_key.sql("select document, (series, number) from documents").fetchall())
    genuine = [(document, original) for document, original in key if original in marks]
    assert len(key) == len(here) and all(marks[original] == here[document] for document, original in genuine)
    assert 0 < len(key) - len(genuine) < len(key) / 50  # papers that were made up later are nobody's
    assert "within the archive" in refused(
        "archive", small.path, "--regime", "complete", "--out", tmp_path / "c", "--key", tmp_path / "c" / "key"
    )
    assert "there already" in refused(
        "archive", small.path, "--regime", "complete", "--out", tmp_path / "c", "--key", tmp_path / "keys" / "a.parquet"
    )
    assert not (tmp_path / "c").exists()
