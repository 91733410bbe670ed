"""Who stands above whom by letters alone: every sign as counted by hand, made mail from file to ranking, and real mail."""

from __future__ import annotations

import itertools
import json
import math
import random
import subprocess
import sys
from collections import defaultdict
from email.utils import formatdate
from pathlib import Path

import numpy as np
import pytest
from conftest import command, public_data
from hypothesis import given, settings
from hypothesis import strategies as st

import drivebelt as db
from drivebelt.errors import BadInput
from drivebelt.reconstruct.offices import standing as s

ROOT = Path(__file__).parent.parent
PEOPLE = 7
LETTER = st.tuples(
    st.integers(0, PEOPLE - 1), st.sets(st.integers(0, PEOPLE - 1), min_size=1, max_size=5), st.integers(-1, 2), st.integers(0, 40)
)


def rows(letters: list[tuple[int, set[int], int, int]]) -> list[list[int]]:
    """Columns sender, to, letter, matter, moment."""
    flat = [
        (who, to, k, matter, hour * 3600 * 40) for k, (who, all_to, matter, hour) in enumerate(letters) for to in sorted(all_to)
    ]
    return [list(column) for column in zip(*flat, strict=True)] if flat else [[]] * 5


@settings(max_examples=60, deadline=None)
@given(st.lists(LETTER, max_size=30, unique_by=lambda x: (x[2], x[3])))
def test_each_sign_is_what_one_counts_by_hand(letters: list[tuple[int, set[int], int, int]]) -> None:
    found = s.standing(*rows(letters), PEOPLE)
    writers, beside, reads = defaultdict(set), defaultdict(set), defaultdict(set)
    for who, all_to, _, _ in letters:
        others = all_to - {who}
        for to in others:
            writers[to].add(who)
            reads[who].add(to)
            beside[to] |= others - {to}
    assert found.heard_from.tolist() == [len(writers[i]) for i in range(PEOPLE)]
    assert found.beside.tolist() == [len(beside[i]) for i in range(PEOPLE)]
    for i in range(PEOPLE):
        mean = sum(len(writers[j]) for j in reads[i]) / len(reads[i]) if reads[i] else 0.0
        assert found.writes_to[i] == pytest.approx(mean)
    delays = defaultdict(list)
    for matter in (0, 1, 2):
        for a in range(PEOPLE):
            for b in range(a + 1, PEOPLE):
                way = sorted(
                    (hour, who)
                    for who, all_to, about, hour in letters
                    if about == matter and {who} | all_to >= {a, b} and who in (a, b)
                )
                for (before, first), (after, then) in itertools.pairwise(way):
                    if first != then and (after - before) * 40 <= 30 * 24:
                        delays[then].append(math.log(max((after - before) * 40 * 3600, s.LEAST)))
    assert found.answers.tolist() == [len(delays[i]) for i in range(PEOPLE)]
    every = [x for i in range(PEOPLE) for x in delays[i]]
    middle = sum(every) / len(every) if every else math.log(s.LEAST)
    for i in range(PEOPLE):
        mean = (sum(delays[i]) + s.SURE_AFTER * middle) / (len(delays[i]) + s.SURE_AFTER)
        assert found.patience[i] == pytest.approx(math.exp(mean) / 3600)


def test_lists_are_not_company_and_columns_must_fit() -> None:
    wide = [(0, set(range(1, s.FEW + 2)), 0, 1)]
    columns = rows(wide)
    assert not s.standing(*columns, s.FEW + 2).beside.any()
    assert s.standing(*[c[:-1] for c in columns], s.FEW + 2).beside.sum() == s.FEW * (s.FEW - 1)
    with pytest.raises(BadInput, match="numbered from 0 to"):
        s.standing(*columns, 3)
    with pytest.raises(BadInput, match="different length"):
        s.standing([0], [1, 2], [0], [0], [0], 3)


def _firm(path: Path, seed: int = 5, weeks: int = 40) -> list[str]:
    """Mail of a made firm: a head, three chiefs, twelve hands. Each hand asks its chief and is answered late, a chief asks a hand
    and is answered at once; chiefs and head write to each other, hands to hands of their chief. Names from above to below."""
    draw = random.Random(seed)
    people = ["zoe", *(f"chief{i}" for i in range(3)), *(f"anna{i}" for i in range(12))]
    with path.open("w") as out:

        def send(hour: float, who: str, to: list[str], subject: str) -> None:
            out.write(f"From x\nDate: {formatdate(946_900_000 + hour * 3600)}\nFrom: {who}@firm.example\n")
            out.write(f"To: {', '.join(f'{t}@firm.example' for t in to)}\nSubject: {subject}\n\nwords\n\n")

        for week in range(weeks):
            for i in range(12):
                chief, hour = people[1 + i % 3], week * 168 + draw.random() * 40
                if draw.random() < 0.5:
                    send(hour, f"anna{i}", [chief], f"question {week} {i}")
                    send(hour + 20 + 10 * draw.random(), chief, [f"anna{i}"], f"Re: question {week} {i}")
                else:
                    send(hour, chief, [f"anna{i}"], f"order {week} {i}")
                    send(hour + draw.random(), f"anna{i}", [chief], f"Re: order {week} {i}")
            send(week * 168 + 50, draw.choice(people[4:]), people[:4], f"report {week}")
            send(week * 168 + 60, people[1 + week % 3], ["zoe"], f"summary {week}")
            for k in range(3):
                chief, hand = people[1 + k], draw.randrange(k, 12, 3)
                mate = draw.choice([i for i in range(k, 12, 3) if i != hand])
                send(week * 168 + 70 + k, f"anna{hand}", [f"anna{mate}"], f"lunch {week} {k}")
                send(week * 168 + 80 + k, chief, [c for c in people[:4] if c != chief], f"plan {week} {k}")
                send(week * 168 + 90 + k, "zoe", [chief], f"word {week} {k}")
    return [f"{name}@firm.example" for name in people]


def test_a_mailbox_gives_an_order_of_standing(tmp_path: Path) -> None:
    people = _firm(tmp_path / "firm.mbox")
    assert command("import", tmp_path / "firm.mbox", "--from", "mbox", "--out", tmp_path / "archive").returncode == 0
    done = command("reconstruct", tmp_path / "archive", "--out", tmp_path / "found")
    assert done.returncode == 0, done.stderr
    assert "from above to below" in done.stdout
    table = db.reconstruct(tmp_path / "archive").standing
    assert sorted(table["name"].to_pylist()) == sorted(people) and table["rank"].to_pylist() == list(range(1, 17))
    assert set(table["name"].to_pylist()[:4]) == set(people[:4])
    patience = dict(zip(table["name"].to_pylist(), table["patience_hours"].to_pylist(), strict=True))
    assert min(patience[p] for p in people[1:4]) > max(patience[p] for p in people[4:])


def test_too_few_letters_give_no_order(tmp_path: Path) -> None:
    _firm(tmp_path / "firm.mbox", weeks=1)
    assert command("import", tmp_path / "firm.mbox", "--from", "mbox", "--out", tmp_path / "archive").returncode == 0
    said = json.loads(command("reconstruct", tmp_path / "archive", "--out", tmp_path / "found", "--json").stdout)
    assert "letters have a known addressee" in said["standing_cannot_be_told"]
    assert not db.reconstruct(tmp_path / "archive").standing.num_rows
    assert not any("from above to below" in line for line in said["summary"])


def test_the_letters_of_one_person_tell_nothing_of_the_others() -> None:
    sender = [0, *range(1, 20)] * 8
    to = [1 + k % 19 if who == 0 else 0 for k, who in enumerate(sender)]
    found = s.standing(sender, to, range(160), [0] * 160, [k * 10**7 for k in range(160)], 20)
    assert "from or to one and the same" in found.silent


def test_orders_that_go_one_way_give_no_order_of_standing() -> None:
    """A head writes to chiefs, chiefs to many hands, hands answer some: whoever is written to by most stands lowest."""
    draw = random.Random(4)
    pairs = [(0, c) for c in range(1, 5)] * 10 + [(draw.randint(1, 4), draw.randint(5, 30)) for _ in range(300)]
    pairs += [(b, a) for a, b in pairs[-300:] if draw.random() < 0.2]
    sender, to = map(list, zip(*pairs, strict=True))
    found = s.standing(sender, to, range(len(pairs)), [-1] * len(pairs), range(len(pairs)), 31)
    assert "contradict" in found.silent


def test_letters_between_equals_give_no_order() -> None:
    ring = [(i, (i + 1) % 20) for i in range(20)] * 10
    sender, to = map(list, zip(*ring, strict=True))
    found = s.standing(sender, to, range(200), [0] * 200, [k * 10**7 for k in range(200)], 20)
    assert found.silent == "all are written to by equally many"
    assert np.allclose(found.score, 0.5)


def test_real_mail_is_ordered_better_than_by_any_centrality() -> None:
    public_data("enron", "messages.tsv")
    done = subprocess.run([sys.executable, str(ROOT / "benchmarks" / "corpora" / "mail.py")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    parts = done.stdout.split(" pairs\n")[1:]
    for part in (parts[0], parts[2]):
        figures = {line[:32].strip(): float(line[32:39]) for line in part.splitlines() if line.startswith("  ")}
        ours = figures.pop("this engine")
        assert ours > max(figures.values()) + 0.02
