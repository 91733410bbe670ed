"""Names of records in plain words: levels, grades, kinds of papers, and kinds of acts as what has been done."""

from __future__ import annotations

from drivebelt.report.words import LEVEL_NAMES

ACTS = {
    "outside-event": "occasion from outside", "calendar": "date set by rule", "reform": "territory changed",
    "open-matter": "question taken up", "propose": "proposal sent", "receive": "paper received", "sort-mail": "mail opened",
    "agree": "agreed by word of mouth", "strike-off": "struck off the agenda", "enter-agenda": "put on the agenda",
    "decide": "decided at a sitting", "poll": "decided by poll", "protest": "protest", "minute": "entered in the minutes",
    "mark-special-folder": "minutes say only: special folder", "keep-unminuted": "kept out of the minutes",
    "tell": "passed on by word of mouth", "issue": "paper signed", "read": "paper read", "consider": "heard at a sitting",
    "set-aside": "noted, nothing done", "clear": "asked before departing from the text", "answer": "answered",
    "hand-over": "handed to the secret part", "breach": "party decision cited", "reprimand": "reprimand",
    "execute": "carried out", "believe": "reports believed", "remind": "paper called back", "suspend": "papers withheld",
    "resume": "papers sent again", "burn": "papers burned", "lose": "paper lost", "investigate": "loss looked into",
    "appoint": "post filled from above", "elect": "post filled on the spot", "vote": "vote", "reject": "not carried",
    "combine": "understanding reached", "convene": "congress called", "send-delegate": "delegate sent",
    "resolve": "vote on the course", "admit": "members admitted", "state-view": "view stated against the course",
    "sign": "statement joined", "open-discussion": "discussion opened", "close-discussion": "discussion closed",
    "annul-mandate": "mandate annulled", "warn": "party warning", "dismiss": "taken off the post", "expel": "excluded",
    "recant": "view taken back", "propose-slate": "list proposed", "elect-body": "elected to a body",
    "keep-back": "kept back", "leak": "secret told", "adopt": "adopted as its own", "inform": "told a person or a layer",
    "purge": "members put out", "charge": "charged", "consult": "court given an opinion", "vouch": "guarantors found",
    "leave-post": "post left", "file": "files completed", "vet": "OGPU asked", "dispense": "shorter standing allowed",
    "send-emissary": "emissary sent", "learn": "came to be known", "count-members": "members counted",
    "apply": "admission asked for",
    "confirm": "candidates made full members", "leave": "members left", "die": "members died", "train": "newcomers schooled",
    "found-cell": "cells formed", "merge-cells": "cells merged", "grant": "privileges raised", "withdraw": "privileges lowered",
    "sentence": "sentence", "release": "released by the court", "local-vote": "vote below", "condemn": "vote to condemn",
    "provoke": "link made by the police", "arrest": "arrested or sent away",
}  # fmt: skip
"""Kinds of acts that their name in the records does not explain; those left out (report, return) say it themselves."""
_CHANNELS = {"oral": "by word of mouth", "courier-k": "courier, series K", "courier-a": "courier, series A",
             "courier-b": "courier, series B"}  # fmt: skip
_NAMES = {**LEVEL_NAMES, **_CHANNELS, **ACTS}


def amount(value: float, unit: str, *, signed: bool = False) -> str:
    """A value in its unit with the figures that say something: shares in per cent, differences of shares in points."""
    share = unit in ("share", "per cent")
    value = value * (100 if unit == "share" else 1)
    digits = 0 if abs(value) >= 1000 else 1 if share or abs(value) >= 10 else 3
    text = f"{value:,.{digits}f}"
    if not share and digits:
        text = text.rstrip("0").rstrip(".")
    sign = "+" if signed and value > 0 else ""
    return f"{sign}{text}{(' points' if signed else ' %') if share else ''}".replace("-", "\N{MINUS SIGN}")


def named(value: str | None) -> str:
    """A name of records in plain words; one that is unknown without its hyphens, a dash for none."""
    if not value:
        return "–"
    return _NAMES.get(value) or value.replace("-", " ").replace("_", " ")
