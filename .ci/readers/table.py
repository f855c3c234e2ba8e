"""Reads CSV with the csv module of Python: {"rows": [{column: cell}]}."""
import csv

from lib import each, present

csv.field_size_limit(1 << 30)


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
            rows.append(present(dict(zip(header, row))))
    return {"rows": rows}


each(read)
