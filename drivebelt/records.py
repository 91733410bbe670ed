"""The shared vocabulary: kinds, grades, channels, levels, fates, and the column layout of every table.

Codes are small integers inside the run (compiled code reads them as constants) and names in the tables. A tuple's
position is its code, so new names are only ever appended.
"""

from __future__ import annotations

import numpy as np

NONE = -1
"""No such organ, person, document, copy, act or day; null in the tables."""


def _codes(names: tuple[str, ...]) -> dict[str, int]:
    return {name: code for code, name in enumerate(names)}


LEVELS = ("centre", "region", "gubernia", "uezd", "volost", "cell")
CENTRE, REGION, GUBERNIA, UEZD, VOLOST, CELL = range(len(LEVELS))

BRANCHES = (
    "party", "informal", "state", "police", "procuracy", "union", "press", "economy", "army", "youth", "justice",
)  # fmt: skip
(
    PARTY, INFORMAL, STATE, POLICE, PROCURACY, UNION, PRESS, ECONOMY, ARMY, YOUTH, JUSTICE,
) = range(len(BRANCHES))  # fmt: skip

ACT_KINDS = (
    "outside-event",   # something the mechanism did not make
    "calendar",        # a rule's date has come round
    "reform",          # a territory opened, closed or put under another
    "open-matter",     # a question exists from here on
    "propose",         # a body sends a question to the Secretariat
    "receive",         # a paper is taken over against receipt and registered
    "sort-mail",       # the first assistant opens and sorts what came in
    "agree",           # the informal circle settles a matter by word of mouth
    "strike-off",      # one member has a matter taken off
    "enter-agenda",    # the preparing secretary puts it on the agenda
    "decide",          # a sitting decides
    "poll",            # decided by asking the members round
    "protest",         # a member objects within the term
    "minute",          # the decision is entered in the minutes
    "mark-special-folder",  # the minutes say only: see special folder
    "keep-unminuted",  # the decision is noted nowhere
    "tell",            # passed on by word of mouth
    "issue",           # a paper is signed and numbered
    "read",            # the person it is addressed to reads it
    "consider",        # a committee hears a paper at its sitting
    "set-aside",       # taken note of, and nothing done
    "clear",           # asks the body above before departing from its text
    "answer",          # the body above answers
    "hand-over",       # a party paper goes into the secret part of the state organ of the level
    "breach",          # an act of the state cites the party
    "reprimand",       # a breach or loss is punished
    "execute",         # done on the spot, in part or in full
    "report",          # reported upward
    "believe",         # what the body above takes to be the case
    "remind",          # a paper is called back
    "return",          # a paper goes back
    "suspend",         # no more papers to one who keeps them
    "resume",          # papers are sent again
    "burn",            # returned papers are burned by a commission, with an act
    "lose",            # a paper is lost on the way or in the office
    "investigate",  # a loss or leak is looked into
    "appoint",  # a post is filled from above
    "elect",  # a post is filled on the spot
    "vote",  # one member of a body votes: amount 1 no, plus 2 where his position alone would have said no
    "reject",  # a proposal is not carried
    "combine",  # members of the Politburo come to an understanding
    "convene",  # a congress or conference is called
    "send-delegate",  # an area sends a delegate; amount 1 where he votes against the leadership
    "resolve",  # a congress votes on the course: amount votes against
    "admit",  # members are admitted
    "state-view",  # a dissenter states his view against the course
    "sign",  # another joins a statement; amount 1 where he only heard of it
    "open-discussion",  # the circle or the Politburo lets a discussion begin
    "close-discussion",  # and ends it
    "annul-mandate",  # a delegate's mandate is annulled and the choice made anew
    "warn",  # a party warning
    "dismiss",  # taken off a post for a view
    "expel",  # excluded from a body or from the party
    "recant",  # a dissenter takes his view back
    "propose-slate",  # the outgoing leadership names whom to elect
    "elect-body",  # a person is elected to a body; amount votes against
    "keep-back",  # a paper or news is kept from a person
    "leak",  # somebody tells what he was to keep
    "adopt",  # a body takes over as its own what it was told to wish
    "inform",  # a layer of the party is told; amount depth of what it is told
    "purge",  # members are put out by a commission: amount how many
    "charge",  # a communist is to be brought to court
    "consult",  # the committee gives the court its opinion
    "vouch",  # party guarantors take a communist out of the court's hands
    "leave-post",  # an official leaves his post: amount why, a place in LEAVINGS
    "file",  # the department completes the files of officials: amount how many
    "vet",  # the OGPU is asked for its agreement to an appointment: amount 1 where it refuses
    "dispense",  # a shorter party standing than the rule demands is allowed: amount years short
    "send-emissary",  # a member of the Central Committee goes to a party conference
    "learn",  # so many members of a layer that was told come to know; amount persons
    "count-members",  # members are counted on the first of a month: amount how many; what is counted is the matter's subject
    "apply",  # people ask to be admitted: amount how many
    "confirm",  # candidates become full members: amount how many
    "leave",  # members go by their own wish: amount how many
    "die",  # members die: amount how many
    "train",  # newcomers pass through a course of political schooling: amount how many
    "found-cell",  # cells are formed: amount how many
    "merge-cells",  # cells are put together: amount how many fewer
    "grant",  # a rule raises what posts of a level give: amount the stake of their holders, in thousandths
    "withdraw",  # a rule lowers it: amount the stake that is left
    "sentence",  # a court convicts communists: amount how many
    "release",  # communists leave the court's hands unpunished: amount how many
    "local-vote",  # an area votes between the course and a rival text: amount votes for the rival text
    "condemn",  # a body votes on a statement against the course: amount votes against condemning it
    "provoke",  # the police make a link between dissenters and enemies
    "arrest",  # dissenters are arrested or sent away: amount how many
)  # fmt: skip
ACT = _codes(ACT_KINDS)

DOCUMENT_KINDS = (
    "proposal", "minutes", "extract", "special-sheet", "circular", "closed-letter", "cipher-telegram", "letter",
    "directive", "decree", "report", "return", "summary", "query", "reply", "reminder", "burning-act", "notice",
    "protocol",
)  # fmt: skip
DOCUMENT = _codes(DOCUMENT_KINDS)

GRADES = ("open", "for-service-use", "secret", "strictly-secret", "special-folder", "cipher")
OPEN, FOR_SERVICE, SECRET, STRICTLY_SECRET, SPECIAL_FOLDER, CIPHER_GRADE = range(len(GRADES))

CHANNELS = ("oral", "telephone", "cipher", "courier-k", "courier-a", "courier-b", "post", "messenger", "press")
ORAL, TELEPHONE, CIPHER, COURIER_K, COURIER_A, COURIER_B, POST, MESSENGER, BY_PRESS = range(len(CHANNELS))

FATES = ("in-transit", "kept", "held", "returned", "burned", "lost", "read-and-returned")
IN_TRANSIT, KEPT, HELD, RETURNED, BURNED, LOST, READ_AND_RETURNED = range(len(FATES))

DOMAINS = (
    "party", "cadres", "grain", "prices", "finance", "industry", "trade", "foreign", "army", "police", "press",
    "nationalities", "education", "opposition", "justice", "soviets", "unions", "health", "everyday", "secrecy",
)  # fmt: skip
DOMAIN = _codes(DOMAINS)

REGISTERS = ("ordinary", "secret", "minutes", "cipher", "report")
ORDINARY, SECRET_REGISTER, MINUTES, CIPHER_REGISTER, REPORT_REGISTER = range(len(REGISTERS))

LEAVINGS = ("freed", "died", "recalled", "body closed", "convicted")
FREED, DIED, RECALLED, BODY_CLOSED, CONVICTED = range(len(LEAVINGS))
"""Why an official leaves his post without going to another."""
CLASSES = ("worker", "peasant", "employee", "other")
WORKER, PEASANT, EMPLOYEE, OTHER = range(len(CLASSES))
LITERACY = ("illiterate", "lower", "middle", "higher")
ILLITERATE, LOWER, MIDDLE, HIGHER = range(len(LITERACY))
COHORTS = ("old", "civil_war", "ordinary", "draft")
"""When a member joined: before 1917, in the civil war, by ordinary admission after it, in a draft."""
PLACES = ("town", "village")
"""Where a cell stands: at a factory or office, or in a village."""

DAYS_PER_WEEK = 7
HOURS_PER_DAY = 24
PERCENT = 100
MONTHS_PER_YEAR = 12

CENTRAL_ORGANS = (
    "party-congress", "party-conference", "central-committee", "politburo", "orgburo", "secretariat",
    "bureau-of-secretariat", "cipher-bureau", "uchraspred", "ccc", "troika", "seven", "nine", "sovnarkom", "sto",
    "vtsik", "ogpu", "courier-corps", "procuracy", "vtssps", "pravda", "nk-food", "nk-finance", "nk-foreign",
    "nk-military", "nk-internal-trade", "nk-justice", "nk-agriculture", "nk-rabkrin", "nk-labour", "nk-education",
    "nk-health", "nk-transport", "nk-post", "nk-foreign-trade", "nk-interior", "vsnkh", "gosplan", "gosbank",
    "centrosoyuz", "nk-nationalities", "komsomol-cc", "circle",
)  # fmt: skip
"""Bodies of the Centre that mechanisms name; their organ number is their place here, in every run."""
(
    CONGRESS, CONFERENCE, CC, POLITBURO, ORGBURO, SECRETARIAT, BUREAU, CIPHER_BUREAU, UCHRASPRED, CCC, TROIKA, SEVEN,
    NINE, SOVNARKOM, STO, VTSIK, OGPU, COURIER_CORPS, PROCURATOR_GENERAL, VTSSPS, PRAVDA, NK_FOOD, NK_FINANCE,
    NK_FOREIGN, NK_MILITARY, NK_INTERNAL_TRADE, NK_JUSTICE, NK_AGRICULTURE, NK_RABKRIN, NK_LABOUR, NK_EDUCATION,
    NK_HEALTH, NK_TRANSPORT, NK_POST, NK_FOREIGN_TRADE, NK_INTERIOR, VSNKH, GOSPLAN, GOSBANK, CENTROSOYUZ,
    NK_NATIONALITIES, KOMSOMOL, CIRCLE,
) = range(len(CENTRAL_ORGANS))  # fmt: skip

# Rows of the log as compiled code writes them; -1 stands for null.
ACT_ROW = np.dtype(
    [
        ("day", "i4"), ("matter", "i4"), ("document", "i4"), ("copy", "i4"), ("actor_organ", "i4"),
        ("actor_person", "i4"), ("target_organ", "i4"), ("target_person", "i4"), ("in_name_of", "i4"),
        ("cause", "i4"), ("amount", "i4"), ("kind", "i1"), ("channel", "i1"), ("grade", "i1"), ("recorded", "i1"),
    ]
)  # fmt: skip
DOCUMENT_ROW = np.dtype(
    [
        ("wording", "u8"), ("document", "i4"), ("series", "i4"), ("number", "i4"), ("date", "i4"), ("issuer", "i4"),
        ("originator", "i4"), ("matter", "i4"), ("parent_document", "i4"), ("copies", "i4"), ("kind", "i1"),
        ("grade", "i1"), ("pad", "i2"),
    ]
)  # fmt: skip
COPY_ROW = np.dtype(
    [
        ("document", "i4"), ("copy", "i4"), ("addressee_organ", "i4"), ("addressee_person", "i4"),
        ("dispatched", "i4"), ("received", "i4"), ("receipt", "i4"), ("read", "i4"), ("due", "i4"),
        ("returned", "i4"), ("burned_act", "i4"), ("channel", "i1"), ("fate", "i1"), ("pad", "i2"),
    ]
)  # fmt: skip
MATTER_ROW = np.dtype(
    [
        ("matter", "i4"), ("opened", "i4"), ("subject", "i4"), ("originator_organ", "i4"), ("originator_person", "i4"),
        ("domain", "i1"), ("secrecy_category", "i1"), ("pad", "i2"),
    ]
)  # fmt: skip

# What the desk holds of each body and of each matter at the Centre.
ORGAN_ROW = np.dtype(
    [
        # what nearly every step reads: the first cache line
        ("desk_free", "f8"), ("above", "i4"), ("soviet", "i4"), ("head", "i4"), ("receipts", "i4"), ("opens", "i4"),
        ("closes", "i4"), ("rail_km", "f4"), ("road_km", "f4"), ("zeal", "f4"), ("caution", "f4"),
        ("competence", "f4"), ("roots", "f4"), ("level", "i1"), ("branch", "i1"), ("sitting", "i1"),
        ("suspended", "i1"), ("level_lag", "i4"),
        # the second
        ("cipher_free", "f8"), ("heir", "i4"), ("unreturned", "i4"), ("territory", "i4"), ("own_rail", "f4"),
        ("own_road", "f4"), ("pad", "u1", (36,)),
    ]
)  # fmt: skip
"""One body. `above` is the party committee over a party committee, and for the bodies beside a committee the body of
the same kind one level up; `rail_km`, `road_km` the way from Moscow; zeal, caution, competence and roots in [0, 1]."""
CENTRAL_ROW = np.dtype(
    [
        ("key", "i8"), ("matter", "i4"), ("opened", "i4"), ("since", "i4"), ("cause", "i4"), ("proposer", "i4"),
        ("author", "i4"), ("body", "i4"), ("target", "i4"), ("document", "i4"), ("reports", "i4"), ("claimed", "i4"),
        ("reported", "i4"), ("quota", "i4"), ("term", "i4"), ("protest", "i4"), ("stakes", "f4"), ("severity", "f4"),
        ("stage", "i1"), ("domain", "i1"), ("category", "i1"), ("depth", "i1"), ("flags", "i1"), ("form", "i1"),
        ("seen", "i1"), ("minuted", "i1"), ("grade", "i1"), ("episode", "i2"),
    ]
)  # fmt: skip
"""A matter before the bodies of the Centre. `term` is days until reports are due; `depth` the level it is meant for."""
