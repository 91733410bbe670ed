"""The words of the field in plain words, each with the evidence or the rule it rests on. Page and report show the same file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, ValidationError

from drivebelt.errors import BadInput
from drivebelt.safe_yaml import read_yaml

GROUPS = {
    "bodies": "Bodies of the Centre",
    "circles": "Circles that stand on no list",
    "committees": "Committees below",
    "secret": "Secret offices",
    "papers": "Papers",
    "ways": "Ways of deciding and passing on",
    "cadres": "Posts and people",
    "places": "Levels of the country",
    "model": "Words of this model",
}
"""Groups of terms with their titles, in the order in which they are shown."""


class Term(BaseModel):
    """One word."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    """The anchor that pages link to."""
    term: str
    group: str
    says: str
    russian: str = ""
    """The word as it was used, in transliteration."""
    rests_on: Sequence[str] = ()
    """Records of evidence (`kind:name`) and rules (`rule_name`)."""
    see: Sequence[str] = ()
    """Other terms."""


@cache
def terms() -> tuple[Term, ...]:
    """All terms in the order of the file. Raises BadInput for a term that is unsound."""
    raw = read_yaml(files(__package__).joinpath("terms.yaml").read_bytes(), "glossary/terms.yaml")
    found = []
    for name, entry in raw.items():
        try:
            found.append(Term.model_validate({"id": name, **entry}))
        except ValidationError as why:
            raise BadInput(f"glossary/terms.yaml: {name}: {why.errors()[0]['msg']}") from why
        if found[-1].group not in GROUPS:
            raise BadInput(f"glossary/terms.yaml: {name}: group {found[-1].group!r}; one of {', '.join(GROUPS)}")
    return tuple(found)


def term(name: str) -> Term | None:
    """A term by its anchor."""
    return next((t for t in terms() if t.id == name), None)
