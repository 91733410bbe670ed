"""The sections of the page: what each shows, which rules it comes from, what would be otherwise without the mechanism."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from drivebelt.report import episodes, paper, power, reach
from drivebelt.report.drawing import Drawn
from drivebelt.report.words import LEVEL_NAMES, number, short, topics

if TYPE_CHECKING:
    from drivebelt.findings import Findings


class Column(NamedTuple):
    """Head of a column; numbers stand to the right."""

    name: str
    numeric: bool = False


class Cell(NamedTuple):
    """A cell with a second, smaller line."""

    text: str
    below: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the page. A row of one cell is a heading within it."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str | Cell]]
    caption: str = ""
    folded: bool = False
    """Whether it is shown only when asked for."""


@dataclass(frozen=True)
class Section:
    """One section. `figures` are (name, how to draw it); `tables` are made of the findings."""

    name: str
    title: str
    shows: str
    off: str = ""
    twin: str = ""
    """Options of `drivebelt run` with which one sees it."""
    rules: tuple[str, ...] = ()
    figures: tuple[tuple[str, Callable[[Findings], Drawn]], ...] = ()
    tables: Callable[[Findings], list[Table]] = field(default=lambda found: [])


def _share(part: float | None, whole: float, digits: int = 0) -> str:
    return f"{100 * (part or 0) / max(whole, 1):.{digits}f} %"


def _deciders(found: Findings) -> list[Table]:
    rows = [[d["body"], f"{d['decisions']:,}", f"{d['settled_before']:,}", _share(d["settled_before"], d["decisions"], 1)]
            for d in sorted(found.deciders, key=lambda d: -d["settled_before"] / d["decisions"])]  # fmt: skip
    s = found.silence
    silent = [
        ["agreements by word of mouth", f"{s['agreed'] or 0:,}"], ["matters struck off at one member's wish", f"{s['stricken'] or 0:,}"],
        ["decisions entered in no minutes", f"{s['unminuted'] or 0:,}"],
        ["all acts that left no paper", f"{s['silent'] or 0:,} ({_share(s['silent'], s['acts'], 1)})"],
    ]  # fmt: skip
    head = (Column("in whose name"), Column("decisions", True), Column("settled before", True), Column("share", True))
    return [Table(head, rows), Table((Column("what no paper tells"), Column("number", True)), silent)]


def _carriage(found: Findings) -> list[Table]:
    rows = [
        [LEVEL_NAMES[c["level"]], c["channel"].replace("-", " "), f"{c['copies']:,}", f"{c['days']:g}", f"{c['days_90']}"]
        for c in found.channels
    ]
    head = (Column("to"), Column("channel"), Column("copies", True), Column("median days", True), Column("nine in ten within", True))
    return [Table(head, rows, "Days on the way by channel", folded=True)] if rows else []


def _levels(found: Findings) -> list[Table]:
    rows = [[LEVEL_NAMES[d["level"]], f"{d['bodies']:,}", f"{d['acts']:,}", f"{d['documents']:,}"] for d in found.levels]
    head = (Column("level"), Column("bodies", True), Column("acts", True), Column("documents", True))
    kinds = [[k["kind"].replace("-", " "), f"{k['acts']:,}"] for k in found.kinds]
    return [Table(head, rows), Table((Column("kind of act"), Column("number", True)), kinds, "Acts by kind", folded=True)]


def _meetings(found: Findings) -> list[Table]:
    rows = [
        [m["name"], str(m["day"]), f"{m['delegates']:,}", _share(m["officials"], m["delegates"]), f"{m['against']:,}",
         _share(m["against"], m["delegates"], 1)]
        for m in found.meetings
    ]  # fmt: skip
    head = (Column("meeting"), Column("day"), Column("delegates", True), Column("paid officials", True), Column("votes against", True),
            Column("share", True))  # fmt: skip
    return [Table(head, rows, folded=True, caption="The figures")] if rows else []


def _careers(found: Findings) -> list[Table]:
    rows: list[list[str | Cell]] = []
    for told in power.told_careers(found.run):
        rows.append([f"{told.person}: {told.why}"])
        area = None
        for row in told.posts:
            where = "" if area is None else "another province" if row["area"] != area else "same province"
            by = (row["given_by"] or "") if row["begins"] else "in post at the start"
            rows.append([f"{row['since']:%B %Y}" if row["begins"] else "", row["post"], row["organ"], where, by])
            area = row["area"]
    head = (Column("from"), Column("post"), Column("body"), Column("moved to"), Column("by"))
    return [Table(head, rows)] if rows else []


def _circles(found: Findings) -> list[Table]:
    rows = [[str(c["day"]), c["members"], c["against"] or ""] for c in found.circles]
    return [Table((Column("from"), Column("members"), Column("against")), rows, "The understandings one by one", True)] if rows else []


def _anchors(found: Findings) -> list[Table]:
    rows: list[list[str | Cell]] = []
    for title, figures in topics(found.anchors):
        rows.append([title])
        for a in figures:
            below = f"{a['dated']}; {short(a['source'])}" + (f". {a['remark'][0].upper()}{a['remark'][1:]}" if a["remark"] else "")
            ratio = f"{a['run'] / a['documented']:.2f}" if a["documented"] and a["run"] is not None else "–"
            name = a["name"] if a["unit"] in a["name"] else f"{a['name']}, {a['unit']}"
            rows.append([Cell(name, below), number(a["documented"]), number(a["run"]), ratio, a["kind"]])
    head = (Column("figure, when, and where it stands"), Column("documented", True), Column("this run", True),
            Column("run / documented", True), Column(""))  # fmt: skip
    return [Table(head, rows)] if rows else []


def steps(case: dict[str, Any]) -> Table:
    """The steps of an episode."""
    rows: list[list[str | Cell]] = []
    for n, s in enumerate(case["steps"], start=1):
        below = "; ".join(x for x in (short(s["source"]) if s["source"] else "", f"the middle one of {s['n']:,}" if s["n"] > 1 else "") if x)
        lags = ["" if s[k] is None else f"{s[k]}" for k in ("documented_lag", "simulated_lag")]
        ran = str(s["simulated"]) if s["simulated"] else "did not happen"
        rows.append([str(n), Cell(s["text"], below), s["documented"] or "–", ran, *lags])
    head = (Column("", True), Column("step"), Column("documented"), Column("in the run"), Column("days doc.", True),
            Column("days run", True))  # fmt: skip
    return Table(head, rows)


SECTIONS: tuple[Section, ...] = (
    Section(
        "who-decides", "Who decides",
        "By the statutes three bodies decide: the Politburo, the Orgburo and the Secretariat of the Central Committee. Before they sit, a "
        "few of their members may have settled the question among themselves, by word of mouth; the sitting then puts it through in due "
        "form. The chart gives the share of such decisions. A question is settled beforehand where what is at stake, and the risk that "
        "others would dispute the text, are worth the trouble.",
        "Every line would lie at zero, and every decision would have the author whose name it bears.", '--without "informal core"',
        ("core_meets_at_one_wish", "core_one_member_veto", "politburo_minutes_brief", "trouble_of_core", "gain_of_concert"),
        (("decided-before", lambda f: paper.decided_before(f.run)),), _deciders,
    ),
    Section(
        "grades", "The flow of paper by grade",
        "Every paper bears a grade: open, for service use, secret, strictly secret, for the special folder, or in cipher. The rules list "
        "which questions are secret; the grade of the order is passed on to what is written under it at each level. Most of what the "
        "Centre writes is secret; in the cell far less is.",
        "Papers of all grades would travel alike, and none would be lent and called back.", '--amend no-secret-paperwork',
        ("grades_of_secrecy", "secret_parts_everywhere", "special_folder_mark", "what_are_secret_cc_documents"),
        (("grades", lambda f: paper.grades(f.run)), ("volumes", lambda f: paper.volumes(f.run))), _levels,
    ),
    Section(
        "lags", "Days from the Centre",
        "A directive does not reach a village by itself. It is carried to the province, heard there at the next sitting, restated in "
        "the committee's own name, carried on to the district, heard again. Each level adds its days of travel and its days of waiting. "
        "A telegram in cipher saves the travel, not the waiting.",
        "Secret papers would lie where they were signed, proposals to the Centre among them: hardly anything would come to be decided.", '--without couriers',
        ("courier_only", "courier_series", "urgent_mail_by_cipher_telegram", "secretary_relays_directive"),
        (("lags", lambda f: paper.lags(f.run, f.channels)),), _carriage,
    ),
    Section(
        "reach", "The reach of one directive",
        "Distance is part of power: what the Centre ordered on Monday is news in the far districts a month later. The map follows one "
        "ordinary paper, the one that most committees passed on, to the seat of every committee that stood on that day.",
        "If committees did not hear, restate and pass on what they receive, the curves of the lower levels would not rise at all.", '--without committees',
        ("directive_chain_through_apparatus", "local_secret_parts_by_analogy", "secretary_relays_directive"),
        (("map", lambda f: reach.map_of_days(f.run)),),
    ),
    Section(
        "case", "One case, step by step",
        "The same matter seen from above and from the side. Read it from the left: the question comes up, is settled or not, is decided "
        "in a body's name, goes out, and falls from level to level. At each level the party committee hands it to the state body beside "
        "it, which issues it as an act of its own: a ring marks every act that stands under another name than its author's. What left no "
        "paper is dotted: no archive will show it.",
        "The lanes of state bodies would issue nothing in their own name, and the rings below the Centre would be gone.", '--without "soviet order"',
        ("soviet_order", "decisions_framed_in_soviet_order", "core_meets_at_one_wish", "special_folder_mark"),
        (("lanes", lambda f: reach.swim_lanes(f.run)),),
    ),
    Section(
        "knowledge", "Who knew what, and when",
        "To know of a matter one must have read its paper, sat where it was heard, or been told. Committees learn from copies. Members "
        "and the public learn what is printed, read out at closed meetings, or talked of, and seldom more than the public version.",
        "With every decision entered in the minutes and no circle beforehand, whoever is sent the minutes knows what was decided.", '--amend open-minutes',
        ("closed_letter_read_at_closed_meeting", "members_excluded_from_decision_and_drafting", "minimum_readers_of_minutes",
         "reading_to_delegations_only"),
        (("knowledge", lambda f: reach.knowledge(f.run)),),
    ),
    Section(
        "returns", "Papers lent, returned and burned",
        "Minutes and extracts are lent, against receipt, and have to come back by a day fixed for each place; then a commission burns "
        "them and writes an act of it. When the terms were cut in May 1927, the mail alone took longer than the term.",
        "Without a registry nothing would return and nothing would burn. With the longer terms kept, the fall of 1927 would be gone.", '--amend long-return-terms',
        ("return_of_minutes", "return_of_extracts", "burning_interval", "burning_commission", "unreturned_before_suspension"),
        (("returns", lambda f: paper.returns(f.run)),),
    ),
    Section(
        "congresses", "Congresses and conferences",
        "Delegates are chosen in stages, from cell to district to province, each partly by the secretary who prepares the choice. A "
        "secretary who owes his post to the Centre looks for those who will vote for its text, and knows his own apparatus best. The share "
        "of officials among delegates is the result. Dates and rules of the meetings are put in; who comes and how he votes is not.",
        "Secretaries elected on the spot would owe nobody at the Centre a choice of delegates.", '--amend elected-secretaries',
        ("selection_of_delegates", "delegates_paid_responsible_and_loyal", "delegates_briefed_before_departure", "hold_by_dependence"),
        (("congresses", lambda f: power.congresses(f.run)),), _meetings,
    ),
    Section(
        "careers", "A hundred careers",
        "Posts of any weight are on a list and are filled from the Centre. Each appointment moves somebody: up, down, or into another "
        "province, where he has no friends and owes his place to whoever sent him. Below are a hundred officials drawn by a rule, not "
        "chosen, and a few of them are told post by post. They have no names: only documented persons have.",
        "Every line would be straight: nobody would be moved.", '--without cadres',
        ("appointments_from_above", "nomenklatura_list_and_review", "major_appointments_orgburo_secretariat"),
        (("careers", lambda f: power.career_lines(f.run)),), _careers,
    ),
    Section(
        "dependence", "The growth of dependence",
        "Two numbers that ought to be kept apart. One is a count: how many hold a post to which they were appointed from above. The other "
        "is a construct: what a person would lose, and how easily, if whoever heads the Secretariat wished it.",
        "If secretaries were elected on the spot, nobody would owe the Secretariat a post of theirs.", '--amend elected-secretaries',
        ("appointments_from_above", "secretary_appointed_by_centre", "weight_of_stake", "tie_gain"),
        (("dependence", lambda f: power.dependence(f.run)),),
    ),
    Section(
        "votes", "Votes against, and bent decisions",
        "In each sitting every member votes: by how near the text is to his own view, by his tie to whoever stands for it, and by what "
        "a lone no would cost him. A decision is bent where the same people would have refused it by their views alone.",
        "Without ties and fear what is left is the luck of a vote: that much of the lower chart is not pressure.", '--amend no-ties-no-fear',
        ("open_vote", "weight_of_ties", "weight_of_fear", "least_noes"),
        (("votes", lambda f: power.votes(f.run)),),
    ),
    Section(
        "bodies", "Who sat in the Politburo",
        "The leadership puts up a list, the congress elects the Central Committee, and the Central Committee its bureaus. The composition of "
        "the first day is put in; from the first congress on the run elects by itself and may elect whom history did not.",
        "With elections left out and the documented bodies put in, the two rows of bars are the same.", '--amend documented-bodies',
        ("bodies_elected", "weight_of_standing", "weight_of_incumbency"),
        (("bodies", lambda f: power.bodies(f.run)),),
    ),
    Section(
        "circle", "The informal circle",
        "Once a month the members of the Politburo look for the smallest understanding that wins there against whoever is felt as the "
        "greatest threat. Who belongs to it comes out of positions, resources and that threat; nobody is put in.",
        "The leader’s presence is a resource and a vote like others’: with him there, an understanding pays less.", '--amend healthy-leader',
        ("core_members", "core_meets_at_one_wish", "trouble_of_core", "defection_in_circle"),
        (("circle", lambda f: power.circle(f.run)),), _circles,
    ),
    Section(
        "members", "Members",
        "The party grows by admissions one by one and by drafts, of which the Lenin draft of 1924 was the first. Those who came in a draft "
        "have never known a discussion and follow the cues of their secretaries more readily.",
        "With the strict terms that Lenin asked for, fewer come in and the layer of drafts is thinner or gone.", '--amend strict-admission',
        ("lenin_draft_dates", "admission_without_recommendations", "admission_a_month", "draft_a_month"),
        (("members", lambda f: power.members(f.run)),),
    ),
)  # fmt: skip

DOCUMENTED = Section(
    "documented", "Beside the documented figures",
    "Every figure the book gives for what the run also counts, with its place. An input is a starting condition: agreement proves only "
    "that it was put in. An outcome comes out of the mechanism: agreement says something, and so does disagreement. The last column but "
    "one divides the run's by the documented one: 1.00 is agreement.",
    tables=_anchors,
)  # fmt: skip
EPISODES = Section(
    "episodes", "Episodes",
    "Cases whose way is documented step by step. The occasion is put in, with its day and its actors; what follows comes out. Compare the "
    "days between two steps, not the dates.",
)  # fmt: skip


def episode_figure(case: dict[str, Any]) -> Drawn:
    """The figure of one episode."""
    return episodes.path(case)
