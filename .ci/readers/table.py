"""Reads CSV with the csv module of Python: {"rows": [{column: cell}]}."""
import csv
import re

from lib import each, present

csv.field_size_limit(1 << 30)

# What a spreadsheet reads as a formula, unless it is a number.
FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = next(reader)
        if len(set(header)) != len(header):
            raise ValueError(f"a column is there twice: {header}")
        rows = []
        for row in reader:
            if len(row) != len(header):
                raise ValueError(f"a row of {len(row)} cells under {len(header)} columns: {row}")
            for cell in row:
                if FORMULA.match(cell) and not NUMBER.fullmatch(cell):
                    raise ValueError(f"a spreadsheet may run the cell {cell!r}")
            rows.append(present(dict(zip(header, row))))
    return {"rows": rows}


each(read)
