"""Figures for the README: perfxl beside what else reads such a workbook."""
