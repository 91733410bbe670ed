"""Superiors in archives of this mechanism: who sends an office its orders, with the lists of bodies laid aside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drivebelt.reconstruct.archive import Archive, read
from drivebelt.reconstruct.offices import orders
from drivebelt.reconstruct.offices.addressed import Senders
from drivebelt.reconstruct.offices.orders import explain_office, found_superiors, lines, orders_of
from drivebelt.reconstruct.offices.superiors import SURE, UNSEEN, lift
from drivebelt.reconstruct.scoring.origins import _true
from drivebelt.results import Run


@pytest.fixture(scope="module")
def archive(small: Run, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    place = tmp_path_factory.mktemp("addressed") / "archive"
    small.archive("complete", out=place, survival=0.3)
    return read(place)


def test_whoever_sends_an_office_its_orders_stands_above_it(archive: Archive) -> None:
    o = orders_of(archive)
    true = _true(archive, o.organ)
    table, said = found_superiors(archive, wanted=True, one_tree=False)
    number = {organ: row for row, organ in enumerate(archive.organ_id[o.organ].tolist())}
    named = np.array([number.get(organ, UNSEEN) for organ in table["superior"].to_pylist()])
    told = table["told"].to_numpy()
    assert said["by_address"] and told.mean() > 0.4
    assert (named == true)[told].mean() > SURE
    assert (named == true).mean() > 1.5 * (lift(o.days) == true).mean()
    blind = replace(archive, organ_parent=np.roll(archive.organ_parent, 7))  # lists of bodies that lie change nothing
    assert found_superiors(blind, wanted=True, one_tree=False)[0].equals(table)
    row = table.to_pylist()[int(np.flatnonzero(told)[0])]
    text = "\n".join(explain_office(table, said, row["organ"], {}) or [])
    assert row["superior_name"] in text and f"{row['addressed']:,} papers with orders addressed" in text
    assert "sends an office its orders" in lines(table, said)[0]


def test_without_addresses_nothing_is_told(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "MOST_OFFICES", 12)
    monkeypatch.setattr(orders, "MOST_ORDERS", 40)
    none = np.zeros(0, np.int64)
    table, said = found_superiors(replace(archive, copy_paper=none, copy_to=none), wanted=True, one_tree=False)
    assert table.num_rows and not said["by_address"] and not table["told"].to_numpy().any()
    assert table["addressed"].null_count == table.num_rows


def test_two_who_send_alike_are_no_superior() -> None:
    """One paper is not enough, and neither are eighty from two senders."""
    three = Senders(*(np.array(n) for n in ([1, 3, 3], [1, 40, 40], [0, 40, 0], [1, 80, 40])))
    assert (three.chance < SURE).tolist() == [True, True, False] and abs(three.chance[1] - 0.5) < 0.01
