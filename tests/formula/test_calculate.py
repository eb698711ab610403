"""Cached values of a returned workbook after one of its cells was put right."""

from __future__ import annotations

from perfxl.formula import Calculator
from perfxl.model import Cell, DefinedName, Grid, Scalar


def book(**cells: Scalar | tuple[Scalar, str]) -> Grid:
    """One sheet; a tuple is a cached value with its formula."""
    found = {}
    for address, given in cells.items():
        row, col = int(address[1:]), ord(address[0]) - 64
        value, formula = given if isinstance(given, tuple) else (given, None)
        found[row, col] = Cell(row, col, value, formula)
    return Grid("表", found)


def test_everything_downstream_gets_a_new_value_and_nothing_else() -> None:
    sheet = book(
        A1=1, A2=2, A3=(3, "SUM(A1:A2)"), B1=(6, "A3*2"), C1=(99, "D1+1"), B2=("旧", 'B1&"元"')
    )
    result = Calculator([sheet]).recompute({("表", 1, 1): 10})
    assert result.values == {("表", 3, 1): 12, ("表", 1, 2): 24, ("表", 2, 2): "24元"}
    assert result.blocked == {}


def test_a_repair_may_be_a_formula() -> None:
    sheet = book(A1=1, A2=4, A3=9, B1=(18, "A3*2"))
    result = Calculator([sheet]).recompute({}, {("表", 3, 1): "A1+A2"})
    assert result.values == {("表", 3, 1): 5, ("表", 1, 2): 10}


def test_a_formula_replaced_by_a_constant_is_not_computed_again() -> None:
    sheet = book(A1=1, A2=(1, "A1"), A3=(1, "A2"))
    result = Calculator([sheet]).recompute({("表", 1, 1): 5, ("表", 2, 1): 7})
    assert result.values == {("表", 3, 1): 7}


def test_dependence_through_names_is_seen() -> None:
    sheet = book(A1=1, A2=2, B1=(3, "合计"))
    names = [DefinedName("合计", "SUM(表!$A$1:$A$2)")]
    result = Calculator([sheet], names).recompute({("表", 1, 1): 5})
    assert result.values == {("表", 1, 2): 7}


def test_circles_are_reported_and_not_guessed() -> None:
    sheet = book(A1=1, B1=(0, "A1+C1"), C1=(0, "B1"), D1=(0, "C1+1"), E1=(2, "A1*2"))
    result = Calculator([sheet]).recompute({("表", 1, 1): 5})
    assert result.values == {("表", 1, 5): 10}
    assert set(result.blocked) == {("表", 1, 2), ("表", 1, 3), ("表", 1, 4)}
    assert all("循环" in reason for reason in result.blocked.values())


def test_what_is_refused_blocks_what_depends_on_it() -> None:
    sheet = book(
        A1=1,
        B1=(1, 'INDIRECT("A"&1)'),
        C1=(1, "B1+A1"),
        D1=(1, "[1]外!A1+A1"),
        E1=(1, "A1+"),
        F1=(1, "动态+A1"),
        G1=(3, "A1+2"),
    )
    names = [DefinedName("动态", "OFFSET(表!$A$1,0,0)")]
    result = Calculator([sheet], names).recompute({("表", 1, 1): 5})
    assert result.values == {("表", 1, 7): 7}
    reasons = {address[2]: reason for address, reason in result.blocked.items()}
    assert "INDIRECT" in reasons[2]
    assert "B1" in reasons[3]
    assert "外部工作簿" in reasons[4]
    assert "无法解析" in reasons[5]
    assert "OFFSET" in reasons[6]


def test_an_unreadable_formula_spoils_no_other() -> None:
    sheet = book(A1=1, B1=(1, "'坏"), C1=(1, "A1"))
    assert Calculator([sheet]).recompute({("表", 1, 1): 2}).values == {("表", 1, 3): 2}


def test_too_much_work_is_reported_and_not_guessed() -> None:
    far = {(1, 1): Cell(1, 1, 1), (1048576, 200): Cell(1048576, 200, 1)}
    sheet = Grid("表", {**far, (1, 300): Cell(1, 300, 2, "SUM(A1:GR1048576)")})
    result = Calculator([sheet]).recompute({("表", 1, 1): 5})
    assert result.values == {}
    assert "计算量" in result.blocked["表", 1, 300]


def test_subtotals_depend_on_filters_and_are_left_alone() -> None:
    sheet = book(A1=1, A2=2, A3=(3, "SUBTOTAL(9,A1:A2)"))
    result = Calculator([sheet]).recompute({("表", 1, 1): 5})
    assert "SUBTOTAL" in result.blocked["表", 3, 1]


def test_a_long_chain_of_cells_is_computed_in_order() -> None:
    cells = {(row, 1): Cell(row, 1, 0, f"A{row - 1}+1") for row in range(2, 3001)}
    sheet = Grid("表", {(1, 1): Cell(1, 1, 1), **cells})
    result = Calculator([sheet]).recompute({("表", 1, 1): 100})
    assert result.values["表", 3000, 1] == 3099
