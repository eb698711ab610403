"""Which template a workbook follows, among many."""

import pytest

from perfxl.errors import UnknownTemplate
from perfxl.locate import shortlist
from perfxl.package import read_book
from perfxl.recognition import recognised
from perfxl.template import available, shipped, sketches
from tests import shapes
from tests.seed_tables import seed


@pytest.fixture(scope="module", params=["official", "stacked", "shifted"])
def book(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("units") / "returned.xlsx"
    getattr(shapes, request.param)(seed(), path)
    return read_book(path)


def test_the_content_decides_among_the_shipped_templates(book):
    chosen = recognised(book)
    assert chosen.known
    assert chosen.template is shipped("hunan-2024")


def test_only_a_few_templates_are_loaded_and_the_right_one_is_among_them(book):
    likely = shortlist(book, sketches())
    assert len(likely) <= 3
    assert likely[0].path.stem == "hunan-2024"


@pytest.mark.parametrize("path", available(), ids=lambda path: path.stem)
def test_the_forms_of_each_template_are_recognised_as_its_own(path):
    chosen = recognised(read_book(path))
    assert chosen.known
    assert chosen.template is shipped(path.stem)


@pytest.mark.parametrize("path", available(), ids=lambda path: path.stem)
def test_a_sketch_knows_every_label_that_the_template_has(path):
    (drawn,) = [one for one in sketches() if one.path == path]
    wordings = {wording for label in drawn.labels for wording in label}
    for form in shipped(path.stem).forms:
        assert set(form.titles) <= wordings
        for field in form.fields.values():
            assert set(field.labels) <= wordings
            assert set(field.columns) <= wordings


def test_a_template_that_does_not_exist_is_refused_with_those_that_do(book):
    with pytest.raises(UnknownTemplate, match="hunan-2024"):
        recognised(book, "hunan-1999")
