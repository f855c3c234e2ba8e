"""Reads GraphML with igraph."""
import math

import igraph

from lib import each, present

DRAWN = {"color", "line", "size"}


def attributes(element):
    """igraph reads numbers as floats; a number that is missing is NaN."""
    values = {}
    for key, value in element.attributes().items():
        if isinstance(value, float):
            value = None if math.isnan(value) else int(value) if value == int(value) else value
        if key not in DRAWN:
            values[key] = value
    return present(values)


def read(path):
    graph = igraph.Graph.Read_GraphML(path)
    if not graph.is_directed():
        raise ValueError("the edges have no direction")
    ids = graph.vs["id"]
    return {
        "nodes": [attributes(v) for v in graph.vs],
        "edges": [{**attributes(e), "source": ids[e.source], "target": ids[e.target]} for e in graph.es],
    }


each(read)
