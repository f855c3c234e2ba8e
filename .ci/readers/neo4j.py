"""Reads nodes.csv and relationships.csv of a folder as the import of Neo4j does: with
the types of their headers, and lists divided by U+001F."""
import csv
import os

from lib import each, present

csv.field_size_limit(1 << 30)


def typed(text, kind):
    if kind.endswith("[]"):
        return text.split("\x1f") if text else []
    if text == "":
        return None
    if kind == "long":
        return int(text)
    if kind == "boolean":
        return {"true": True, "false": False}[text]
    return text


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        lines = csv.reader(f, strict=True)
        headers = [header.rpartition(":") if ":" in header else (header, "", "") for header in next(lines)]
        for line in lines:
            if len(line) != len(headers):
                raise ValueError(f"{len(line)} cells, want {len(headers)}: {line[:3]}")
            yield {name or kind: typed(cell, kind) for (name, _, kind), cell in zip(headers, line)}


def read(folder):
    nodes, edges = [], []
    for row in rows(os.path.join(folder, "nodes.csv")):
        row["labels"] = sorted(row.pop("LABEL").split("\x1f"))
        nodes.append(present(row))
    ids = {node["id"] for node in nodes}
    for row in rows(os.path.join(folder, "relationships.csv")):
        row["source"], row["target"], row["type"] = row.pop("START_ID"), row.pop("END_ID"), row.pop("TYPE")
        if row["source"] not in ids or row["target"] not in ids:
            raise ValueError(f"{row['id']} has an end that is no node")
        edges.append(present(row))
    return {"nodes": nodes, "edges": edges}


each(read)
