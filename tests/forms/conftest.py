"""Forms built once for all tests here, from the sources and not from what was built before."""

from pathlib import Path

import pytest

from xincai.shelf import FormSource, Shelf, Sources, build
from xincai.shelf.store import keep

FORMS = Path(__file__).parents[2] / "forms"


@pytest.fixture(scope="session")
def sources() -> Sources:
    return Sources.read(FORMS)


@pytest.fixture(scope="session")
def built(sources: Sources) -> dict[str, FormSource]:
    made = [
        build(
            file.read_text(encoding="utf-8"),
            blocks=sources.blocks,
            rules=sources.rules,
            lists=sources.lists,
            file=file.name,
        )
        for file in sorted(FORMS.glob("*.md"))
    ]
    return {form.card.form_id: form for form in made}


@pytest.fixture(scope="session")
def shelf(built: dict[str, FormSource], tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder = tmp_path_factory.mktemp("shelf")
    keep(list(built.values()), folder)
    return Shelf(folder)
