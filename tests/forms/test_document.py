"""The forms' documentation says what the forms say."""

from pathlib import Path

from pipeline.forms.catalogue import catalogue
from pipeline.forms.document import document

PAGE = Path(__file__).parents[2] / "docs" / "forms.md"


def test_the_page_is_written_from_the_forms_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(catalogue()), "run: python -m pipeline.forms.document > docs/forms.md"


def test_every_form_and_measure_is_on_it() -> None:
    text = document(catalogue())
    assert all(f"`{form.name}`" in text for form in catalogue().forms.values())
    assert all(f"`{measure.code}`" in text for measure in catalogue().measures.values())
