"""The documents say what the code does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_model_page_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("make_model", ROOT / "docs" / "make_model.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "model.md").read_text() == module.text(), "run `make docs`"


def test_links_of_the_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_rulebook_page_counts_what_is_held() -> None:
    from drivebelt.experiments.design import parameters
    from drivebelt.rulebook import load
    from drivebelt.running.day import PLAN

    book = load()
    read = {re.split(r"[.\[:]", path)[0] for m in PLAN for path in m.reads.values()}
    cited = [name for name, rule in book.items() if not rule.assumed]
    page = (ROOT / "docs" / "rulebook.md").read_text()
    assert f"| rules held | {len(cited)}," in page
    assert f"read by a mechanism | {len(read & set(cited))} |" in page
    assert f"| assumptions | {len(book.parameters())}, of which {len(parameters(['all']))} are" in page


def test_every_dependency_is_justified() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + [d for extra in project["optional-dependencies"].values() for d in extra]
    page = (ROOT / "docs" / "dependencies.md").read_text().casefold()
    for one in wanted:
        assert f"`{re.split('[<>=]', one)[0].casefold()}`" in page, one


def test_the_lock_names_no_index() -> None:
    for lock in (ROOT / "requirements.lock", ROOT / "benchmarks" / "requirements.lock"):
        assert "://" not in lock.read_text()


def test_every_mechanism_has_something_to_explain() -> None:
    from drivebelt.experiments.targets import targets
    from drivebelt.running.day import PLAN

    asked = {t.mechanism for t in targets()} - {None}
    assert asked <= {m.name for m in PLAN}
    assert [m.name for m in PLAN if m.name not in asked and not m.explains] == []


def test_every_question_of_the_counterfactuals_has_an_essay_with_figures() -> None:
    from drivebelt.experiments.design import read

    arms = read(ROOT / "benchmarks" / "counterfactuals.yaml").arms
    for name in list(arms)[1:]:
        page = (ROOT / "docs" / "counterfactuals" / f"{name}.md").read_text()
        assert "| dependence of secretaries, rise |" in page, name
        assert not re.search(r"## What the model shows\n+## ", page), name
