"""When a person speaks against the course, who joins him, and what those who see a punishment fear. Pure functions over arrays.

What weighs is lasting: where he stands, what he holds against the leadership, how cautious he is, how he judges others. Caution and
misjudgement are drawn once for each person (and each pair), not anew every week: otherwise whoever waits long enough speaks.
"""

from __future__ import annotations

from math import fsum, log
from typing import Any

import numpy as np
import numpy.typing as npt

from drivebelt import draws
from drivebelt import records as r
from drivebelt.power.state import BOUND, DISSENTS, EXPELLED, FAILURE, RECANTED, Power

STREAM = draws.STREAMS["opposition"]
STATEMENT_RULES = {
    "ban": "ban_on_factions",
    "published": "publish_point7_1924",
    "binds": "signature_binds_against_comment",
    "dull": "economy_without_crisis",
    "blame": "blame_of_failure",
    "kept_out": "kept_out_ask_for_democracy",
    "error": "error_of_judgement",
    "caution": "caution",
    "company": "comfort_of_company",
    "reluctance": "reluctance_to_speak",
    "unity": "weight_of_unity",
    "law": "weight_of_published_law",
    "shame": "shame_of_the_recanted",
    "bond": "bond_of_a_signature",
    "recourse": "weight_of_recourse",
    "least_hearing": "least_hearing",
    "k": "weight_of_stake",
    "elected": "removability_of_elected",
    "fear_weight": "weight_of_fear",
    "least_noes": "least_noes",
}
"""The rules by which somebody judges what a statement would bring him and what it would cost."""
People = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]

_LOGS = np.array([round(log(n), 6) for n in range(1, 4097)])
"""Natural logarithms of 1 to 4,096, rounded to six decimals: no function of the machine's library enters the state."""


def logarithm(n: int) -> float:
    """Logarithm of 1 + n, at most that of 4,096."""
    return float(_LOGS[min(max(n, 0), _LOGS.size - 1)])


def approach(by: Floats) -> Floats:
    """1 - exp(-by) for by >= 0, by the series of exp to third order."""
    return 1.0 - 1.0 / (1.0 + by + by * by / 2.0 + by * by * by / 6.0)


def noises(seed: int, people: People, salt: int, scale: float) -> Floats:
    """Logistic draws of `voting.logistic_noise` for many."""
    u = draws.uniforms(seed, STREAM, people.astype(np.int64), salt)
    x = np.clip(u, 0.001, 0.999) * 2.0 - 1.0
    y = x * x
    eighth = (y * y) * (y * y)
    return scale * (x + x) * (1.0 + 0.32 * y + 0.9 * eighth) / (1.0 - 0.3 * y)


def caution(seed: int, people: People, sigma: float) -> Floats:
    """How much more or less than another each feels a cost: a factor with median 1, drawn once a person for the whole run."""
    z = sigma * draws.normals(seed, STREAM, people.astype(np.int64), 0)
    return np.maximum(1.0 + z + z * z / 2.0 + z * z * z / 6.0, 0.05)


def dependences(w: Power, people: People, column: int, k: float, elected: float) -> Floats:
    """D of `voting.dependence` for many."""
    s = w.persons[people]
    removable = np.where(s["appointed"] == 1, 1.0, elected)
    tie = w.ties[people, column].astype(np.float64) if column != r.NONE else np.zeros(people.size)
    return 1.0 - (1.0 - tie) * (1.0 - k * s["stake"].astype(np.float64) * removable)


def distance(w: Power, people: People, p: Any) -> Floats:
    """How far the course, as each knows it, is from where he stands; on the economy it counts as far as the course has failed."""
    s, c = w.persons[people], w.dissent[people]
    regime = s["regime"].astype(np.float64) - c["known_regime"]
    economy = s["economy"].astype(np.float64) - c["known_economy"]
    return regime * regime + (p.dull + (1.0 - p.dull) * float(w.crisis[FAILURE])) * economy * economy


def texts(w: Power, people: People, p: Any) -> tuple[Floats, Floats]:
    """What each would put forward. Whoever is kept out asks for rules that would let him in: grievance moves his text towards
    inner-party democracy, whatever he thought of it before."""
    s = w.persons[people]
    asks = s["regime"].astype(np.float64) - p.kept_out * w.dissent[people]["grievance"]
    return np.maximum(asks, -1.0), s["economy"].astype(np.float64)


def nearness(w: Power, people: People, text: tuple[float, float], course: tuple[Any, Any], p: Any, error: Any = 0.0) -> Floats:
    """How much nearer the text is to each than the course (differences of squares, as in a vote), and what speaks against a course
    that is felt to have failed, whatever the text."""
    s = w.persons[people]
    x, y = s["regime"].astype(np.float64) + error, s["economy"].astype(np.float64)
    felt = p.dull + (1.0 - p.dull) * float(w.crisis[FAILURE])
    nearer = (x - course[0]) ** 2 - (x - text[0]) ** 2 + felt * ((y - course[1]) ** 2 - (y - text[1]) ** 2)
    return nearer + p.blame * float(w.crisis[FAILURE])


def heard_openly(lean: Floats, above: float, p: Any) -> Floats:
    """How far an open word carries: by what each can lean on himself; the less, the more is expected of one who stands above the
    leaders (`above`), to whom one can turn in private instead."""
    out: Floats = (p.least_hearing + (1.0 - p.least_hearing) * lean) * (1.0 - p.recourse * above)
    return out


def hope(w: Power, seed: int, person: int, known: People, text: tuple[float, float], p: Any) -> float:
    """The share of those he sits with whom he expects to prefer his text, less for the fear he sees among them; where a vote on a
    rival text is fresh in memory, that tells him more than his guess."""
    others = known[known != person].astype(np.int64)
    if others.size == 0:
        return 0.0
    error = p.error * draws.normals(seed, STREAM, others, int(person))
    c = w.dissent[person]
    for_it = nearness(w, others, text, (float(c["known_regime"]), float(c["known_economy"])), p, error) > 0.0
    afraid = fsum(w.persons["fear"][others].tolist()) / others.size
    guess = float(np.count_nonzero(for_it)) / others.size * (1.0 - min(afraid, 1.0))
    return guess + float(w.lesson[1]) * (float(w.lesson[0]) - guess)


def cost(w: Power, seed: int, people: People, column: int, company: float, names: int, p: Any) -> Floats:
    """What a signed statement costs: it is always open. The risk of the one falls with the share of those who stand with him.

    To it come reluctance and, where they are law, unity and its published sanction: the more, the more a person stands for
    discipline himself (kept out, he stands for it less), and the less, the more names there are already. Each feels it by caution.
    """
    fear = w.persons["fear"][people].astype(np.float64)
    risk = dependences(w, people, column, p.k, p.elected) * fear / (fear + company + p.least_noes)
    asks, _ = texts(w, people, p)
    unity = p.reluctance + (p.unity * float(p.ban > 0) + p.law * float(p.published > 0)) * (1.0 + asks)
    status = w.dissent["status"][people]
    shame = p.shame * (status == RECANTED) + p.bond * float(p.binds > 0) * (status == BOUND)
    return caution(seed, people, p.caution) * (p.fear_weight * risk + (unity + shame) / (1.0 + p.company * logarithm(names)))


def free_to_speak(w: Power, people: People, leaders: People, silent: People) -> npt.NDArray[np.bool_]:
    """Those who are neither among the leaders nor dead or away nor put out of the party."""
    return ~(np.isin(people, leaders) | np.isin(people, silent) | (w.dissent["status"][people] == EXPELLED))


def statement(w: Power, seed: int, person: int, known: People, hearing: float, p: Any) -> tuple[float, tuple[float, float]]:
    """What a statement is worth to a person, and its text: between the course and what he stands for, where what it would bring
    him, by how many he expects to prefer it, is most. Whoever wants support writes what others can sign."""
    c, one = w.dissent[person], np.array([person])
    course = (float(c["known_regime"]), float(c["known_economy"]))
    ends = texts(w, one, p)
    grudge, apart = float(c["grievance"]), float(distance(w, one, p)[0])
    best, chosen = 0.0, course
    steps = int(p.drafts)
    for n in range(1, steps + 1):
        way = n / steps
        text = (course[0] + way * (float(ends[0][0]) - course[0]), course[1] + way * (float(ends[1][0]) - course[1]))
        worth = hope(w, seed, person, known, text, p) * hearing * (apart + grudge) * (1.0 - (1.0 - way) * (1.0 - way))
        if worth > best:
            best, chosen = worth, text
    return best, chosen


def speaker(
    w: Power, seed: int, known: People, hearing: Floats, leaders: People, silent: People, column: int, p: Any
) -> tuple[int, tuple[float, float]]:  # fmt: skip
    """Who states his view this week, and his text: the one for whom it weighs most, if for anybody; NONE otherwise."""
    want = distance(w, known, p) + w.dissent["grievance"][known]
    may = free_to_speak(w, known, leaders, silent) & (hearing * want > cost(w, seed, known, column, 1.0, 0, p))
    best, most, text = r.NONE, 0.0, (0.0, 0.0)
    for j in np.flatnonzero(may):
        i = int(known[j])
        worth, draft = statement(w, seed, i, known, float(hearing[j]), p)
        company = worth / max(float(hearing[j] * want[j]), p.least_noes)
        u = worth - float(cost(w, seed, known[j : j + 1], column, company, 0, p)[0])
        if u > most:
            best, most, text = i, u, draft
    return best, text


def joiners(
    w: Power, seed: int, number: int, hoped: float, hearing: float, leaders: People, silent: People, column: int, p: Any
) -> People:  # fmt: skip
    """Those who know the text, prefer it and put their name to it this week."""
    dispute, c = w.disputes[number], w.dissent
    heard = np.flatnonzero(c["heard"] == number)
    share = int(dispute["signers"]) / max(heard.size, 1)
    people = heard[(c["signed"][heard] != number) & free_to_speak(w, heard, leaders, silent)]
    course = (c["known_regime"][people].astype(np.float64), c["known_economy"][people].astype(np.float64))
    prefers = nearness(w, people, (float(dispute["regime"]), float(dispute["economy"])), course, p)
    u = hoped * hearing * (prefers + c["grievance"][people])
    return people[(prefers > 0.0) & (u > cost(w, seed, people, column, share, int(dispute["signers"]), p))]


def told(w: Power, seed: int, number: int, week: int, places: People, talk: float) -> People:
    """Officials who hear of the text this week from one who knows it, in the same place: the likelier the more there know it.

    `places`: where each person works, the Centre 0, -1 for nobody's place.
    """
    c = w.dissent
    size = int(places.max()) + 2
    knows = np.bincount(places[c["heard"] == number] + 1, minlength=size)
    every = np.bincount(places + 1, minlength=size)
    chance = talk * knows / np.maximum(every, 1)
    chance[0] = 0.0
    deaf = np.flatnonzero((c["heard"] != number) & (chance[places + 1] > 0.0) & (c["status"] != EXPELLED))
    luck = draws.uniforms(seed, STREAM, deaf.astype(np.int64), draws.key(number, week))
    return deaf[luck < chance[places[deaf] + 1]]


def witness(w: Power, places: People, punished: People, dissenters: People, p: Any) -> None:
    """Fear after a round of sanctions: f += (1 - f)(1 - exp(-b y)), y the share of known dissenters punished.

    b is largest in the same place and grows with the logarithm of their number, a fraction for the same rank elsewhere, a fraction
    of that for all who have but heard of it.
    """
    if punished.size == 0:
        return
    persons = w.persons
    size, levels = int(places.max()) + 2, len(r.LEVELS)
    here = np.bincount(places[punished] + 1, minlength=size)
    ours = np.bincount(places[dissenters] + 1, minlength=size)
    rank = np.bincount(persons["level"][punished], minlength=levels)
    ranks = np.bincount(persons["level"][dissenters], minlength=levels)
    strength = p.sight * np.array([logarithm(int(n)) for n in here])
    by = strength * here / np.maximum(ours, 1)
    by[0] = 0.0
    of_rank = p.sight * p.elsewhere * np.array([logarithm(int(n)) for n in rank]) * rank / np.maximum(ranks, 1)
    rumour = p.sight * p.elsewhere * p.elsewhere * logarithm(punished.size) * punished.size / max(dissenters.size, 1)
    sees = np.maximum(np.maximum(by[places + 1], of_rank[persons["level"]]), rumour)
    fear = persons["fear"].astype(np.float64)
    persons["fear"] = np.where(places >= 0, fear + (1.0 - fear) * approach(sees), fear)


def gives_in(w: Power, people: People, number: int, column: int, p: Any) -> npt.NDArray[np.bool_]:
    """Who takes his view back: the fear of standing alone outweighs how far he is from the course and what he holds against it."""
    c = w.dissent
    holds = np.count_nonzero((c["signed"] == number) & (c["status"] == DISSENTS))
    share = holds / max(int(np.count_nonzero(c["signed"] == number)), 1)
    fear = w.persons["fear"][people].astype(np.float64)
    pressed = dependences(w, people, column, p.k, p.elected) * fear / (fear + share * p.company + p.least_noes)
    out: npt.NDArray[np.bool_] = p.fear_weight * pressed > distance(w, people, p) + p.pride * c["grievance"][people]
    return out


def against_condemning(w: Power, seed: int, number: int, people: People, column: int, p: Any) -> npt.NDArray[np.bool_]:
    """Who of a body votes against condemning a statement: by nearness, tie and the risk of an open no. Whoever stands by his name
    under it votes for it; whoever has taken it back votes against it, whatever he thinks."""
    dispute, c = w.disputes[number], w.dissent
    course = (float(w.course[0]), float(w.course[1]))
    u = -nearness(w, people, (float(dispute["regime"]), float(dispute["economy"])), course, p)
    if column != r.NONE:
        u += p.tie_weight * w.ties[people, column]
    fear = w.persons["fear"][people].astype(np.float64)
    risk = dependences(w, people, column, p.k, p.elected) * fear / (fear + float(w.noes[r.CC]) + p.least_noes)
    u += p.open_vote * p.fear_weight * risk + noises(seed, people, draws.key(number, r.CC), p.noise)
    stands = (c["signed"][people] == number) & (c["status"][people] == DISSENTS)
    return (stands | (u <= 0.0)) & (c["status"][people] != RECANTED)
