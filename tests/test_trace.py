"""The path of a matter, read from the run."""

from __future__ import annotations

import json

import pytest
from conftest import command, refused

from drivebelt.errors import BadInput
from drivebelt.results import Run


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
    assert "in the name of Politburo" in text
    assert "[no paper]" in text and "by word of mouth" in text
    assert "in cipher" in text and "First mover" in text and "Copies:" in text


def test_json_is_stable(small: Run) -> None:
    arguments = ["trace", small.path, "--matter", str(episode(small, "limit-prices")), "--json"]
    first = command(*arguments).stdout
    assert first == command(*arguments).stdout
    content = json.loads(first)
    assert {"matter", "first_mover", "decided_by", "masks", "lags", "tree", "documents", "fates"} <= set(content)
    assert content["tree"][0]["kind"] == "outside-event"


def test_bad_numbers(small: Run) -> None:
    with pytest.raises(BadInput, match="no matter 999999999"):
        small.trace(matter=999_999_999)
    with pytest.raises(BadInput, match="give one of"):
        small.trace()
    assert "no act -3" in refused("trace", small.path, "--act", "-3")
    assert "give one of" in refused("trace", small.path, "--act", "3", "--matter", "2")
