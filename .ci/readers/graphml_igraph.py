"""Reads GraphML with igraph. It has no absent numbers and truth values: NaN is an absent
number, and of nodes that are no facts, sources and established are absent."""
import math

import igraph

from lib import each, present


def clean(attributes):
    out = {}
    for k, v in attributes.items():
        if isinstance(v, float):
            if math.isnan(v):
                continue
            v = int(v)
        out[k] = v
    if out.get("entity_kind", "Fact") != "Fact":
        out.pop("established", None)
    return present(out)


def read(path):
    graph = igraph.Graph.Read_GraphML(path)
    if not graph.is_directed():
        raise ValueError("an undirected graph")
    ids = graph.vs["id"]
    return {
        "nodes": [clean(v.attributes()) for v in graph.vs],
        "edges": [{"source": ids[e.source], "target": ids[e.target], **clean(e.attributes())} for e in graph.es],
    }


each(read)
