"""Random formulas that are well formed, over a small sheet of odd cells."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

CELLS: dict[str, object] = {
    "A1": 85.53, "B1": 87.23, "C1": "98.05%", "D1": datetime.date(2024, 12, 31), "E1": "≥95%",
    "A2": 0, "B2": -3.456, "C2": "12.5", "D2": True, "E2": "",
    "A3": 1e-9, "B3": 2.675, "C3": "洪江区总工会", "D3": "ａｂｃ１２３", "E3": " 空 格 ",
    "A4": 100, "B4": 7, "C4": "ABC", "D4": "abc", "E4": "x~*y",
    "A5": "#DIV/0!", "B5": 1.005, "C5": False, "D5": 60,
}  # fmt: skip

numbers = st.one_of(
    st.integers(-1000, 1000).map(str),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: f"{value:.3f}"),
    st.sampled_from(["0", "1", "0.5", "1E+3", "12%"]),
)
texts = st.sampled_from(['""', '"ABC"', '"12.5"', '"98.05%"', '"总工会"', '"a""b"', '"*工*"'])
addresses = st.builds(lambda col, row: f"{col}{row}", st.sampled_from("ABCDE"), st.integers(1, 6))
areas = st.builds(lambda a, b: f"{a}:{b}", addresses, addresses)
atoms = st.one_of(numbers, texts, addresses, st.sampled_from(["TRUE", "FALSE", "#N/A"]))
operators = st.sampled_from(["+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">="])


def formulas(functions: list[str]) -> st.SearchStrategy[str]:
    """Formulas out of operators, cells and calls of the given functions."""

    def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        arguments = st.lists(st.one_of(inner, areas), min_size=0, max_size=4).map(",".join)
        return st.one_of(
            st.builds("{}{}{}".format, inner, operators, inner),
            st.builds("({})".format, inner),
            st.builds("-{}".format, inner),
            st.builds("{}%".format, inner),
            st.builds("{}({})".format, st.sampled_from(functions), arguments),
            st.builds("{{{},{};{},{}}}".format, numbers, texts, texts, numbers),
            areas,
        )

    return st.recursive(atoms, grow, max_leaves=12)
