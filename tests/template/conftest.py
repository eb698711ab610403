from tests.template.samples import template, workbook

__all__ = ["template", "workbook"]
