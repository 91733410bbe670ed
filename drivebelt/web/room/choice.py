"""Which archive a reader of the room asks for: the losses, who reads and when, and further loss. Its name is its address."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drivebelt.errors import BadInput
from drivebelt.results import Run
from drivebelt.web.asked import NotThere

if TYPE_CHECKING:
    from drivebelt.archive import Asked as Settings
    from drivebelt.archive.regimes import Rules

SHARES = (30, 10, 3)
"""Per cent of the papers that further loss leaves."""
KEPT = 8
"""Archives that are kept for those who come later; one of the whole country takes a gigabyte."""
TOGETHER = {"none": "each paper by itself", "office": "papers of one office", "subject": "papers on one subject"}
"""What further loss takes together: as the command calls it, and in words."""
ALONE = "none"
LAST_DRAW = 999
_MAKE = 2
"""Another number where other things are made of an archive, so that none of an earlier make is shown."""
_DAY = 24 * 3600
_BETWEEN, _NOBODY, _DRAW = "~", "open", "draw-"
_TITLES = {
    "complete": "Nothing taken away", "rules-1924": "Burned by the rules of 1924", "purge-1937": "Cleansed in 1937",
    "autumn-1941": "After the autumn of 1941", "march-1953": "After March 1953", "kgb-1954": "Sorted in 1954 to 1956",
    "august-1991": "After August 1991", "historian-1970": "Historian of 1970", "historian-1988": "Historian of 1988",
    "historian-1993": "Historian of 1993", "historian-2002": "Historian of 2002",
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One archive of the room. All its words come from the data of the regimes, so that its name is safe as a directory."""

    regime: str
    reader: str | None = None
    share: int | None = None
    together: str = ALONE
    """What further loss takes together."""
    draw: int = 1
    """Seed of the losses: the same losses fall on other papers."""

    @property
    def name(self) -> str:
        """As in addresses: regime, reader, share and what goes together, draw."""
        share = [str(self.share) + (f"-{self.together}" if self.together != ALONE else "")] if self.share else []
        return _BETWEEN.join([self.regime, self.reader or _NOBODY, *share, *([f"{_DRAW}{self.draw}"] if self.draw != 1 else [])])

    @property
    def settings(self) -> Settings:
        """For the making of the archive."""
        from drivebelt.archive import Asked as Settings

        return Settings(self.regime, self.reader, self.share / 100 if self.share else None, self.together, self.draw)

    @property
    def steps(self) -> list[str]:
        """The options of `drivebelt archive`."""
        more = ["--reader", self.reader] if self.reader else []
        more += ["--survival", str(self.share / 100), "--correlated", self.together] if self.share else []
        return ["--regime", self.regime, *more, *(["--seed", str(self.draw)] if self.draw != 1 else [])]

    def title(self) -> str:
        """In words."""
        reader = f", {words(self.reader).lower()}" if self.reader else ""
        share = f", {self.share} per cent left" if self.share else ""
        share += f" ({TOGETHER[self.together]} lost together)" if self.share and self.together != ALONE else ""
        return f"{words(self.regime)}{reader}{share}" + (f", draw {self.draw}" if self.draw != 1 else "")

    def about(self) -> dict[str, Any]:
        """What became of the paper, loss by loss, and who reads it when."""
        book, fate = regimes(), self.settings.fate()
        told = {**book.regimes, **book.readers}
        return {
            "regime": {"name": words(self.regime), "about": told[self.regime].about},
            "reader": {"name": words(self.reader), "about": told[self.reader].about} if self.reader else None,
            "access": fate.access, "share": self.share,
            "losses": [
                {"name": name.partition("/")[2].replace("-", " "), "about": loss.about, "evidence": list(loss.evidence)}
                for name, loss in fate.losses
            ],
            "alterations": [
                {"name": name.partition("/")[2].replace("-", " "), "about": change.about, "evidence": list(change.evidence)}
                for name, change in fate.alterations
            ],
        }  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where an archive of the room lies."""

    folder: Path

    @property
    def archive(self) -> Path:
        """The archive itself."""
        return self.folder / "archive"

    @property
    def questions(self) -> Path:
        """What can be asked, made of the archive alone."""
        return self.folder / "questions.json"

    @property
    def papers(self) -> Path:
        """All papers by date, with the names that a table shows."""
        return self.folder / "papers.parquet"

    @property
    def entries(self) -> Path:
        """All entries by day."""
        return self.folder / "entries.parquet"

    @property
    def by_paper(self) -> Path:
        """All entries by the paper of which they speak."""
        return self.folder / "by-paper.parquet"

    @property
    def by_number(self) -> Path:
        """All that is known of the numbers of registers."""
        return self.folder / "by-number.parquet"

    @property
    def registers(self) -> Path:
        """What the archive shows of each register: known, there, highest number."""
        return self.folder / "registers.parquet"

    @property
    def key(self) -> Path:
        """The truth, and what the engine and simple methods say."""
        return self.folder / "key.json"

    @property
    def whole(self) -> bool:
        """Whether everything is there."""
        return self.key.exists()


def words(name: str) -> str:
    """A name of the data as a title."""
    return _TITLES.get(name) or name.replace("-", " ").capitalize()


def regimes() -> Rules:
    """The regimes and readers of the archive. What makes archives compiles much: it is loaded when a page first needs it."""
    from drivebelt.archive.regimes import rules

    return rules()


def choose(regime: str, reader: str = "", share: str = "", together: str = "", draw: str = "") -> Choice:
    """A choice from words of a form. Raises BadInput for what does not exist or does not go together."""
    if share and share not in map(str, SHARES):
        raise BadInput(f"share {share[:20]!r}: one of {', '.join(map(str, SHARES))}, or nothing")
    if together and together not in TOGETHER:
        raise BadInput(f"together {together[:20]!r}: one of {', '.join(TOGETHER)}")
    if draw and not (draw.isascii() and draw.isdecimal() and len(draw) <= len(str(LAST_DRAW)) and 1 <= int(draw) <= LAST_DRAW):
        raise BadInput(f"draw {draw[:20]!r}: a whole number from 1 to {LAST_DRAW}")
    taken = (together or ALONE) if share else ALONE  # without further loss nothing goes with anything
    chosen = Choice(regime, reader or None, int(share) if share else None, taken, int(draw or 1))
    chosen.settings.fate()
    return chosen


def named(name: str) -> Choice:
    """The choice of an address. Raises NotThere."""
    regime, *more = name.split(_BETWEEN)
    draw = more.pop().removeprefix(_DRAW) if len(more) > 1 and more[-1].startswith(_DRAW) else ""
    if len(more) not in (1, 2):
        raise NotThere(f"no archive {name[:80]!r}; choose one in the archive room")
    share, _, together = more[1].partition("-") if len(more) > 1 else ("", "", "")
    try:
        chosen = choose(regime, "" if more[0] == _NOBODY else more[0], share, together, draw)
    except BadInput as why:
        raise NotThere(str(why)) from why
    if chosen.name != name:  # one archive has one address
        raise NotThere(f"no archive {name[:80]!r}; choose one in the archive room")
    return chosen


def place(workshop: Path, run: Run, choice: Choice) -> Place:
    """Where the archive of a run lies, or will lie: apart for every run."""
    return Place(workshop / "room" / f"{run.info['digest'][:20]}-{_MAKE}" / choice.name)


def tidy(workshop: Path) -> None:
    """Takes away the archives made first where there are more than `KEPT`, and what a work left that never came to its end."""
    made = sorted(workshop.glob("room/*/*/key.json"), key=lambda key: key.stat().st_mtime)
    left = [f for f in workshop.glob("room/*/.*") if time.time() - f.stat().st_mtime > _DAY]
    for folder in [*(key.parent for key in made[: max(len(made) - KEPT + 1, 0)]), *left]:
        shutil.rmtree(folder, ignore_errors=True)


def possible() -> list[dict[str, Any]]:
    """All regimes, each with its losses and the readers who could have come after them."""
    book = regimes()

    def fits(regime: str, reader: str) -> bool:
        last, came = book.regimes[regime].access, book.readers[reader].access
        return last is None or came is None or last <= came

    return [
        {
            "regime": name, "title": words(name), "about": one.about, "access": one.access,
            "losses": [loss.about for loss in one.losses.values()], "readers": [r for r in book.readers if fits(name, r)],
        }
        for name, one in book.regimes.items()
    ]  # fmt: skip


def readers() -> list[dict[str, Any]]:
    """All readers with the day on which each came."""
    return [{"reader": n, "title": words(n), "about": one.about, "access": one.access} for n, one in regimes().readers.items()]


def day_of(choice: Choice, run: Run) -> date:
    """The day on which the reader comes."""
    return choice.settings.fate().access or date.fromisoformat(run.info["to"])
