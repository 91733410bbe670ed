"""An act or a flow in a few words, for a place where a sentence does not fit."""

from __future__ import annotations

from drivebelt.telling import Flow

# {paper} is the paper with its number, {target} and {whom} whom it is done to; {s} and {es} end the verb of a single body.
_VERBS = {
    "outside-event": "an occasion arises", "calendar": "a date set by rule comes round", "open-matter": "take{s} up the question",
    "propose": "send{s} a {paper} to {target}", "receive": "receive{s} {paper}", "sort-mail": "open{s} and sort{s} it",
    "agree": "agree by word of mouth", "strike-off": "strike{s} it off", "enter-agenda": "put{s} it on the agenda of {target}",
    "decide": "decide{s}", "poll": "decide{s} by poll", "protest": "protest{s}", "minute": "entered in the minutes",
    "mark-special-folder": "the minutes say only: special folder", "keep-unminuted": "entered nowhere",
    "tell": "pass{es} it on by word of mouth", "issue": "{paper}", "read": "read{s} {paper}", "consider": "hear{s} it at a sitting",
    "set-aside": "take{s} note, do{es} nothing", "clear": "ask{s} before departing from the text", "answer": "answer{s}",
    "hand-over": "hand{s} it to the secret part of {target}", "breach": "cite{s} the party decision", "reprimand": "reprimand{s}",
    "execute": "carr{ies} it out", "report": "report{s} upward",
    "believe": "believe{s} the reports", "remind": "remind{s} {target}",
    "return": "give{s} it back", "burn": "burn{s} returned copies", "lose": "{n} lost on the way", "vote": "votes of its members",
    "reject": "do{es} not carry it", "appoint": "fill{s} posts from above", "elect": "posts filled on the spot",
    "inform": "let{s} {whom} know", "learn": "people come to know", "keep-back": "keep{s} it from {whom}", "leak": "tell{s} {whom}",
    "adopt": "ha{s} {target} adopt it", "consult": "take{s} counsel with {target}", "dismiss": "take{s} {whom} off the post",
    "expel": "exclude{s} {whom}", "warn": "warn{s} {whom}", "convene": "call{s} {target}", "condemn": "condemn{s} the statement",
    "state-view": "state{s} a view against the course", "sign": "join{s} the statement", "combine": "come{s} to an understanding",
    "send-delegate": "send{s} delegates", "resolve": "vote{s} on the course", "local-vote": "vote{s}", "arrest": "arrest{s}",
    "investigate": "look{s} into the loss",
}  # fmt: skip
_NOUNS = {
    "party": ("committee", "committees"), "state": ("executive committee", "executive committees"),
    "police": ("GPU department", "GPU departments"),
}  # fmt: skip
_SHORT = {
    "People's Commissariat": "Commissariat", " of the CC": "", "Central Executive Committee (VTsIK)": "VTsIK",
    "Registration and Distribution Department": "Uchraspred",
}  # fmt: skip


def who(name: str | None) -> str:
    """The name of a body, shortened."""
    name = name or "somebody"
    for long, short in _SHORT.items():
        name = name.replace(long, short)
    return name


def noun(level: str, branch: str | None, n: int) -> str:
    """So many bodies of a level."""
    if level == "cell" and branch == "party":
        return f"{n:,} cell{'s' * (n != 1)}"
    one, many = ("body", "bodies") if level == "centre" else _NOUNS.get(branch or "", ("body", "bodies"))
    return f"{n:,} {one if n == 1 else many}"


def paper(f: Flow) -> str:
    """The paper of a flow, with number and grade where it is one."""
    a = f.a
    if not a["paper"]:
        return "it"
    name = str(a["paper"]).replace("-", " ")
    if f.documents > 1:
        return f"{f.documents:,} {name if name.endswith('s') else name[:-1] + 'ies' if name.endswith('ry') else name + 's'}"
    name += f" no. {a['number']}" if a["number"] is not None else ""
    if a["kind"] == "issue":
        name += f", {(a['grade'] or 'open').replace('-', ' ')}" + (f", {a['copies']:,} copies" if (a["copies"] or 0) > 1 else "")
    return name


def phrase(f: Flow, names: str | None = None) -> str:
    """A flow in a few words; `names` are those who acted, where more is known of them than one person."""
    a, single = f.a, f.actors.n == 1
    verb = _VERBS.get(a["kind"], str(a["kind"]).replace("-", " ") + ("" if f.n == 1 else " (several)"))
    # A circle of men takes the plural.
    ends = single and a["branch"] != "informal"
    whom = f.whom if f.n == 1 else f"{f.n:,} persons or layers"
    target = who(f.targets.first) if f.targets.n == 1 else noun(a["target_level"] or a["level"], a["target_branch"], f.targets.n)
    said = verb.format(
        paper=paper(f), target=target, whom=whom or (target if a["target"] else "others"), n=f"{f.n:,}", es="es" if ends else "",
        s="s" if ends else ("ve" if a["kind"] == "adopt" else ""), ies="ies" if ends else "y",
    )  # fmt: skip
    if a["kind"] in ("outside-event", "calendar", "learn", "lose", "elect", "keep-unminuted"):
        return said + (f" ({f.n:,} times)" if f.n > 1 and a["kind"] == "learn" else "")
    actor = who(f.actors.first) if single else noun(a["level"], a["branch"], f.actors.n)
    person = names or (f.persons.first if f.persons.n == 1 else None)
    colon = ":" if a["kind"] in ("issue", "minute", "mark-special-folder", "vote") else ""
    return f"{actor}{f' ({person})' if person else ''}{colon} {said}"
