"""What a corrected copy must leave as it was, one workbook per feature of a spreadsheet."""
