"""The path of a matter, read from the run."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from conftest import command, refused

from drivebelt.errors import BadInput
from drivebelt.records import ACT_KINDS, CELL, LEVELS
from drivebelt.results import Run
from drivebelt.telling import tell
from drivebelt.telling.sentences import PLURAL, TELLING
from drivebelt.tracing.flows import acts_where
from drivebelt.tracing.path import LONG, SHORT, levels_told


def episode(run: Run, name: str) -> int:
    return int(run.rows("select min(matter) as m from episodes where episode = ?", [name])[0]["m"])


def test_a_masked_decision_is_traced_to_its_author(small: Run) -> None:
    path = small.trace(matter=episode(small, "limit-prices"))
    assert path.decision is not None and path.decision["kind"] == "agree"
    assert path.decision["actor"] == "The informal circle"
    assert "Politburo of the CC" in path.masks and "Central Committee" in path.masks
    assert path.first_mover is not None and "Internal Trade" in path.first_mover["actor"]
    lags = path.lags()
    assert lags["region"]["median"] <= lags["uezd"]["median"]


def test_all_acts_of_the_matter_are_in_the_tree(small: Run) -> None:
    matter = episode(small, "limit-prices")
    path = small.trace(matter=matter)

    def count(branches: list) -> int:  # type: ignore[type-arg]
        return sum(len(b.acts) + count(b.below) for b in branches)

    assert count(path.roots) == small.rows("select count(*) as n from acts where matter = ?", [matter])[0]["n"]


def test_by_document_and_by_act_lead_to_the_same_matter(small: Run) -> None:
    matter = episode(small, "limit-prices")
    document = small.rows("select min(document) as d from documents where matter = ?", [matter])[0]["d"]
    act = small.rows("select max(act) as a from acts where matter = ?", [matter])[0]["a"]
    assert small.trace(document=document).matter == small.trace(act=act).matter == small.trace(matter=matter).matter


def test_command_reads_aloud(small: Run) -> None:
    text = command("trace", small.path, "--matter", str(episode(small, "limit-prices"))).stdout
    assert "in the name of the Politburo" in text
    assert "[no paper]" in text and "by word of mouth" in text
    assert "in cipher" in text and "First mover" in text and "Copies of the Centre's papers:" in text


def test_json_is_stable(small: Run) -> None:
    arguments = ["trace", small.path, "--matter", str(episode(small, "limit-prices")), "--json"]
    first = command(*arguments).stdout
    assert first == command(*arguments).stdout
    content = json.loads(first)
    told = [act for branch in content["tree"] for act in numbers(branch)]
    assert sorted(told) == [row["act"] for row in small.rows("select act from acts where matter = ? order by act", [arguments[3]])]
    assert {"matter", "first_mover", "decided_by", "masks", "lags", "tree", "documents", "fates"} <= set(content)
    assert content["tree"][0]["kind"] == "outside-event"


def numbers(branch: dict) -> list[int]:  # type: ignore[type-arg]
    return branch["acts"] + [act for below in branch["below"] for act in numbers(below)]


def test_an_act_far_below_is_led_back_to_the_first_mover(small: Run) -> None:
    query = """select max(act) as a from acts join organs on organ = actor_organ where level = 'cell' and kind = 'execute'
        and matter in (select matter from documents where kind = 'cipher-telegram')"""
    act = small.rows(query)[0]["a"]
    path = small.trace(act=act)
    assert path.chain[0]["kind"] == "outside-event" and path.chain[-1]["act"] == act
    assert all(a["cause"] == b["act"] for b, a in pairwise(path.chain))
    levels = [LEVELS.index(a["level"]) for a in path.chain if a["kind"] == "consider"]
    assert levels == sorted(levels) and levels[-1] == CELL


def test_a_document_is_followed_to_the_fate_of_each_copy(small: Run) -> None:
    found = "select c.document from copies c join documents d using (document) where d.kind = 'extract' and fate = 'burned' limit 1"
    number = small.rows(found)[0]["document"]
    path = small.trace(document=number)
    assert path.chain[-1]["kind"] == "issue" and path.chain[-1]["document"] == number
    copies = small.rows("select copy, fate from copies where document = ? order by copy", [number])
    assert path.document is not None and [c["fate"] for c in path.document["each"]] == [c["fate"] for c in copies]
    told = "\n".join(path.lines())
    assert "burned in the end" in told and f"to document {number}" in told


def test_what_is_below_is_told_in_sum_until_it_is_asked_for(small: Run) -> None:
    path = small.trace(matter=episode(small, "limit-prices"))
    in_sum, to_regions, whole = (path.lines(x) for x in (None, "region", "all"))
    assert len(in_sum) < len(to_regions) < len(whole)
    assert any("--expand uezd" in line for line in in_sum) and not any("--expand" in line for line in whole)
    assert sum("carries it out" in line for line in whole) == sum(a["kind"] == "execute" for a in path.acts)
    counted = sum(b.n for level in path.by_level(path.told()).values() for b in level)
    assert counted == sum(a["level"] != "centre" for a in path.acts)


def test_every_kind_of_act_has_its_words() -> None:
    assert set(ACT_KINDS) <= set(TELLING) and set(PLURAL) <= set(TELLING)


def test_every_kind_of_act_of_a_run_is_told_in_full(small: Run, first_year: Run) -> None:
    for run in (small, first_year):
        acts = acts_where(run, "act in (select min(act) from acts group by kind)", "true")
        for a in acts:
            for told in (tell([a]), tell([a, a])):
                assert not any(word in told for word in ("None", "{", "somebody rec", "  ")), told


def test_bad_numbers(small: Run) -> None:
    with pytest.raises(BadInput, match="no matter 999999999"):
        small.trace(matter=999_999_999)
    with pytest.raises(BadInput, match="give one of"):
        small.trace()
    assert "no act -3" in refused("trace", small.path, "--act", "-3")
    assert "give one of" in refused("trace", small.path, "--act", "3", "--matter", "2")


def test_a_level_of_too_many_acts_is_told_in_sum_unless_somebody_asks() -> None:
    levels = {level: {"acts": LONG + (level == "gubernia")} for level in LEVELS}
    assert levels_told(None, levels, "cell") == {"centre", "region"}
    assert levels_told(None, levels, "region") == levels_told("region", levels, "cell") == {"centre", "region"}
    assert levels_told("cell", levels, None) == levels_told("all", levels, None) == set(LEVELS)
    assert levels_told(None, {"centre": {"acts": SHORT}}, "cell") == set(LEVELS)
