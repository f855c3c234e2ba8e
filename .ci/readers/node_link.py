"""Reads node-link JSON with networkx; up to version 3.5 the edges are in "links"."""
import json

from networkx.readwrite import json_graph

from lib import each
from networks import elements


def read(path):
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    return elements(json_graph.node_link_graph(data))


each(read)
