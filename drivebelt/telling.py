"""How acts are told: one sentence for an act, or for many of the same kind at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from drivebelt.records import GRADES

Act = dict[str, Any]

# How each kind of act is told. {actor}, {target} and {mask} are bodies; {author} is the acting body with its person and the name
# it acts in; {whom} is the person acted upon; {paper}, {what}, {to}, {by} are made of the paper, the target and the channel.
TELLING = {
    "outside-event": "an occasion arises outside the mechanism, in the field of {actor}",
    "calendar": "the date set by rule comes round for {actor}",
    "reform": "{target} is opened, closed or put under another body",
    "open-matter": "{author} takes up the question",
    "propose": "{author} sends a proposal to {target}{paper}",
    "receive": "{actor} receives {what}{sender}{by}",
    "sort-mail": "the first assistant{person} opens and sorts it",
    "agree": "{actor} agree on it by word of mouth, {amount} persons",
    "strike-off": "one member of {actor}{person} has it taken off the agenda",
    "enter-agenda": "{author} puts it on the agenda of {target}",
    "decide": "{author} decides",
    "poll": "{author} decides by poll",
    "protest": "{author} protests",
    "minute": "the decision is entered in the minutes of {mask}{paper}",
    "mark-special-folder": "the minutes of {mask} say only: see special folder{paper}",
    "keep-unminuted": "the decision of {mask} is entered nowhere",
    "tell": "{author} passes it on by word of mouth{to}",
    "issue": "{author} issues{paper}{to}",
    "read": "{actor} reads {what}",
    "consider": "{actor} hears it at a sitting",
    "set-aside": "{actor} takes note and does nothing",
    "clear": "{actor} asks {target} before departing from the text{paper}",
    "answer": "{author} answers {target}{paper}",
    "hand-over": "{actor} hands it to the secret part of {target}",
    "breach": "{actor} cites the party decision in its own act{paper}",
    "reprimand": "{actor} reprimands {target}",
    "execute": "{actor} carries it out, {amount} per cent",
    "report": "{actor} reports to {target}{claimed}{paper}",
    "believe": "{author} takes it to be carried out by {amount} per cent",
    "remind": "{actor} reminds {target}{paper}",
    "return": "{actor} gives {what} back",
    "suspend": "{target}{whom_in} is sent nothing more for a while",
    "resume": "{target}{whom_in} is sent papers again",
    "burn": "the commission{person} burns {amount} copies and draws up an act of it{paper}",
    "lose": "a copy is lost on the way to {target}",
    "investigate": "{actor} looks into the loss",
    "appoint": "{author} fills the post of {post} at {target} from above{named}",
    "elect": "the post of {post} at {target} is filled on the spot{named}",
    "leave-post": "a post at {target} falls vacant",
    "file": "{actor} completes the files of {amount} officials",
    "vet": "{actor} asks {target} for its agreement to an appointment",
    "dispense": "{actor} allows a party standing {amount} years too short",
    "send-emissary": "{author} goes to the conference at {target}",
    "vote": "{author} votes {ballot}",
    "reject": "{mask} does not carry it, {amount} votes against",
    "combine": "{author} comes to an understanding with the others against {whom}",
    "convene": "{actor} calls {target}",
    "send-delegate": "{actor} sends a delegate to {target}, {stand}{named}",
    "resolve": "{actor} votes on the course, {amount} against",
    "admit": "{amount} members are admitted",
    "state-view": "{author} states a view against the course",
    "sign": "{author} joins the statement",
    "open-discussion": "{author} lets a discussion begin",
    "close-discussion": "{author} ends the discussion",
    "annul-mandate": "{author} annuls the mandate of a delegate{named}; the choice is made anew",
    "warn": "{author} warns {whom}",
    "dismiss": "{author} takes {whom} off the post at {target}",
    "expel": "{author} excludes {whom}",
    "recant": "{author} takes the view back",
    "propose-slate": "{author} names {whom} for {target}",
    "elect-body": "{actor} elects {whom} to {target}, {amount} votes against",
    "keep-back": "{author} keeps it from {whom}",
    "leak": "somebody at {actor} tells {whom} what was to be kept from him",
    "adopt": "{actor} has {mask} adopt it as its own wish",
    "inform": "{author} lets {whom} know of it",
    "learn": "{amount} persons come to know of it",
    "purge": "{author} puts out {amount} members",
    "charge": "{author} sends {whom} before the court",
    "consult": "{author} takes counsel with {target}",
    "vouch": "guarantors of the party take {whom} out of the hands of the court",
    "count-members": "{actor} counts {amount}",
    "apply": "{amount} people ask to be admitted",
    "confirm": "{amount} candidates become full members",
    "leave": "{amount} members go of their own wish",
    "die": "{amount} members die",
    "train": "{amount} newcomers pass through a course",
    "found-cell": "{amount} cells are formed",
    "merge-cells": "{amount} cells are merged into others",
    "grant": "{actor} raises what the post gives, to {amount} thousandths of a stake",
    "withdraw": "{actor} lowers what the post gives, to {amount} thousandths of a stake",
    "sentence": "{mask} convicts {whom}",
    "release": "{mask} lets {whom} go",
    "local-vote": "{actor} votes between the course and the rival text, {amount} for the rival text",
    "condemn": "{author} has the statement condemned, {amount} votes against",
    "provoke": "{actor} makes a link between dissenters and enemies",
    "arrest": "{actor} arrests or sends away {amount} dissenters",
}

# {s} and {es} end the verb where all acts are those of one body.
PLURAL = {
    "receive": "{actor} receive{s} {what}{sender}{by}",
    "propose": "{actor} send{s} {n} proposals to {target}",
    "enter-agenda": "{actor} put{s} it on {n} agendas",
    "tell": "{actor} pass{es} it on by word of mouth",
    "issue": "{author} issue{s}{paper}{to}",
    "read": "{actor} read{s} {what}",
    "consider": "{actor} hear{s} it at their sittings",
    "set-aside": "{actor} take{s} note and do{es} nothing",
    "clear": "{actor} ask{s} {target} before departing from the text",
    "answer": "{actor} answer{s} {target}",
    "hand-over": "{actor} hand{s} it to the secret parts of {target}",
    "breach": "{actor} cite{s} the party decision in acts of their own",
    "reprimand": "{actor} reprimand{s} {target}",
    "execute": "{actor} carry it out, {low} to {high} per cent, {mean} on average",
    "report": "{actor} report{s} to {target}",
    "believe": "{actor} take{s} it to be carried out by {low} to {high} per cent, {mean} on average",
    "remind": "{actor} remind{s} {target}, {n} times",
    "return": "{actor} give{s} {what} back",
    "suspend": "{target} are sent nothing more for a while",
    "resume": "{target} are sent papers again",
    "lose": "{n} copies are lost on the way",
    "investigate": "{actor} look{s} into the losses",
    "vote": "its members vote, {noes} of {n} against{who_no}{bent}",
    "combine": "{n} members come to an understanding against {whom}",
    "send-delegate": "{n} delegates are sent to {target}, {noes} of them against the leadership",
    "appoint": "{n} posts are filled from above",
    "elect": "{n} posts are filled on the spot",
    "leave-post": "{n} posts fall vacant",
    "vet": "{actor} ask{s} {target} {n} times for its agreement",
    "dispense": "{n} times a shorter party standing is allowed",
    "send-emissary": "{n} members of the Central Committee go to conferences",
    "propose-slate": "{author} name{s} {n} persons for {target}",
    "elect-body": "{actor} elect{s} {n} persons to {target}",
    "keep-back": "{actor} keep{s} it from {n} persons",
    "inform": "{actor} let{s} {n} persons or layers know of it",
    "consult": "{actor} take{s} counsel with {target}",
    "adopt": "{actor} ha{s} {target} adopt it as their own wish",
    "protest": "{actor} protest{s}",
    "reform": "{n} bodies are opened, closed or put under another body",
    "state-view": "{n} persons state a view against the course",
    "sign": "{n} persons join the statement",
    "annul-mandate": "{n} mandates of delegates are annulled",
    "warn": "{n} persons are warned",
    "dismiss": "{n} persons are taken off their posts",
    "expel": "{n} persons are excluded",
    "recant": "{n} persons take their view back",
    "charge": "{n} communists are sent before the court",
    "vouch": "{n} communists are taken out of the hands of the court",
    "sentence": "{n} cases end with a sentence",
    "release": "{n} cases end with a release",
    "local-vote": "{n} areas vote between the course and the rival text",
    "arrest": "{actor} arrest{s} or send{s} away dissenters in {n} places",
}
BY = {
    "telephone": "by telephone", "cipher": "in cipher", "courier-k": "by courier, series K", "courier-a": "by courier, series A",
    "courier-b": "by courier, series B", "post": "by post", "messenger": "by messenger", "press": "from the press",
}  # fmt: skip
FATE = {
    "in-transit": "still on the way", "held": "still held", "kept": "kept", "returned": "returned", "burned": "burned",
    "lost": "lost", "read-and-returned": "read and returned",
}  # fmt: skip


def the(name: str | None, unknown: str = "somebody") -> str:
    """The name of a body as it stands within a sentence."""
    if not name:
        return unknown
    if name.startswith("The "):
        return "t" + name[1:]
    return name if "," in name or " no. " in name or name.startswith(("ROSTA", "Khleboprodukt")) else f"the {name}"


class Few(NamedTuple):
    """How many different ones there are among several acts, and the name of the first."""

    n: int
    first: str | None


@dataclass(frozen=True)
class Flow:
    """One act, or several of the same kind in sum: what has to be known of them to tell them in one sentence."""

    a: Act
    """The first of them."""
    n: int
    actors: Few
    targets: Few
    masks: Few
    persons: Few
    whom: str | None
    """The first person acted upon who has a name."""
    amounts: tuple[int, int, int]
    """Lowest, highest and mean amount."""
    noes: int
    """Acts whose amount is odd: votes against."""
    bent: int
    """Votes for what the voter's own position refuses."""
    documents: int
    grades: tuple[str | None, ...]
    channels: Mapping[str, int]
    first_day: date
    last_day: date
    against: tuple[str | None, ...] = ()
    """Who voted against, where the acts are at hand."""
    median: date | None = None
    """The day by which half of them had been done."""

    def days(self) -> str:
        """Its date, or first and last."""
        return span(self.first_day, self.last_day)


def flow(acts: Sequence[Act]) -> Flow:
    """Acts that are at hand, in sum."""

    def few(number: str, name: str) -> Few:
        return Few(len({x[number] for x in acts}), acts[0][name])

    amounts = [x["amount"] for x in acts if x["amount"] is not None]
    noes = [x for x in acts if (x["amount"] or 0) % 2]
    return Flow(
        acts[0], len(acts), few("actor_organ", "actor"), few("target_organ", "target"), few("in_name_of", "mask"),
        few("actor_person", "person"), next((x["whom"] for x in acts if x["whom"]), None),
        (min(amounts, default=0), max(amounts, default=0), round(sum(amounts) / max(len(amounts), 1))),
        len(noes), sum((x["amount"] or 0) % 4 == 2 for x in acts), len({x["document"] for x in acts}),
        tuple({x["grade"] for x in acts}), Counter(x["channel"] for x in acts if x["channel"]),
        acts[0]["day"], max(x["day"] for x in acts), tuple(x["person"] for x in noes),
        sorted(x["day"] for x in acts)[(len(acts) - 1) // 2],
    )  # fmt: skip


def tell(acts: Sequence[Act]) -> str:
    """One act in words, or several of the same kind at once."""
    return tell_flow(flow(acts))


def tell_flow(f: Flow) -> str:
    """The same for acts that are known in sum."""
    a, many = f.a, f.n > 1
    pattern = PLURAL.get(a["kind"]) if many else None
    if many and pattern is None:
        return tell([a]) + f" ({f.n:,} times)"
    actor = _bodies(f.actors, a["level"], a["branch"])
    person = f" ({f.persons.first})" if f.persons.n == 1 and f.persons.first else ""
    masked = a["in_name_of"] is not None and a["in_name_of"] != a["actor_organ"] and a["mask"]
    mask = _bodies(f.masks, a["level"], "state")
    target = _bodies(f.targets, a["target_level"] or a["level"], a["target_branch"] or "", above=a["kind"] in ("report", "clear"))
    singular = f.actors.n == 1
    low, high, mean = f.amounts
    text = (pattern or TELLING.get(a["kind"], "{author}: " + a["kind"].replace("-", " ") + "{to}")).format(
        actor=actor,
        author=actor + person + (f", in the name of {mask}," if masked else ""),
        person=person,
        target=target,
        mask=mask,
        to=f" to {target}" if a["target"] and f.targets.n == 1 else "",
        sender=f" from {the(f.targets.first)}" if a["target"] and f.targets.n == 1 else "",
        whom=f.whom or (target if a["target"] else "a layer of the party"),
        whom_in=f" ({f.whom})" if f.whom else "",
        named=f": {f.whom}" if f.whom else "",
        post=a["post"] or "an official",
        paper=_paper(f),
        what=_what(f, singular),
        by=_by(f.channels),
        amount="some" if a["amount"] is None else f"{a['amount']:,}",
        claimed="" if a["amount"] is None else f", claiming {a['amount']} per cent",
        ballot=_ballot(a["amount"] or 0),
        stand="against the leadership" if f.noes else "for the leadership",
        n=f"{f.n:,}",
        noes=f"{f.noes:,}",
        who_no=f" ({', '.join(map(str, f.against))})" if f.against and all(f.against) else "",
        bent=f"; {f.bent} of those for it would have said no by their own position" if f.bent else "",
        low=low,
        high=high,
        mean=mean,
        s="s" if singular else ("ve" if a["kind"] == "adopt" else ""),
        es="es" if singular else "",
    )
    return text + ("" if a["recorded"] else " [no paper]")


def day(on: date) -> str:
    """A day as it is read aloud."""
    return f"{on.day} {on:%b %Y}"


def span(first: date, last: date) -> str:
    """A day, or the first and the last of several."""
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    return f"{first.day} to {day(last)}" if first.month == last.month else f"{first.day} {first:%b} to {day(last)}"


def _ballot(amount: int) -> str:
    """A vote beside what the voter's own position would have said."""
    vote, view = amount % 2, amount // 2 % 2
    text = "against" if vote else "for"
    return text if vote == view else f"{text}, though his own position says {'no' if view else 'yes'}"


def _what(f: Flow, singular: bool) -> str:
    a = f.a
    if not a["paper"]:
        return "it"
    noun = a["paper"].replace("-", " ")
    if f.documents == 1:
        return f"the {noun}" + (f" no. {a['number']}" if a["number"] is not None else "")
    return f"{f.documents:,} {_papers(noun)}" if singular else _papers(noun)


def _paper(f: Flow) -> str:
    a = f.a
    if not a["paper"]:
        return ""
    noun = a["paper"].replace("-", " ")
    if a["kind"] != "issue":
        return f" ({noun}" + (f" no. {a['number']})" if a["number"] is not None else ")")
    grades = [(g or "none").replace("-", " ") for g in sorted(f.grades, key=lambda g: GRADES.index(g) if g else -1)]
    grade = f"grade{'s' * (len(grades) > 1)} {' and '.join(grades)}"
    if f.n > 1:
        return f" {_papers(noun)} of their own ({grade})"
    copies = f", {a['copies']:,} copies" if a["copies"] and a["copies"] > 1 else ""
    article = "" if noun == "minutes" else "an " if noun[0] in "aeiou" else "a "
    return f" {article}{noun} no. {a['number']} ({grade}{copies})"


def _papers(noun: str) -> str:
    return noun if noun.endswith("s") else f"{noun[:-1]}ies" if noun.endswith(("ry", "ly")) else f"{noun}s"


def _by(given: Mapping[str, int]) -> str:
    """The channel, or how many went by each."""
    channels = {c: n for c, n in given.items() if c in BY}
    if not channels:
        return ""
    if len(channels) == 1:
        return f", {BY[next(iter(channels))]}"
    return ", " + ", ".join(f"{n:,} {BY[c]}" for c, n in sorted(channels.items(), key=lambda x: (-x[1], x[0])))


def _bodies(names: Few, level: str, branch: str, above: bool = False) -> str:
    if names.n == 1:
        return the(names.first)
    if above:
        return "the bodies above them"
    return f"{names.n:,} {_plural(level, branch)}"


def _plural(level: str, branch: str) -> str:
    if level == "centre":
        return "bodies of the Centre"
    if level == "cell":
        return "cells"
    body = {"party": "committees", "state": "executive committees", "police": "GPU departments"}.get(branch, "bodies")
    return f"{LEVEL[level]} {body}"


LEVEL = {
    "centre": "central", "region": "regional", "gubernia": "provincial", "uezd": "uezd and okrug", "volost": "volost",
    "cell": "cell",
}  # fmt: skip
"""The level of a body as an adjective."""
