"""Reads GEXF 1.2, GraphML and node-link JSON with networkx."""
import json

import networkx as nx

from lib import each, present


def node_link(path):
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    key = "links" if "links" in data else "edges"
    try:
        return nx.node_link_graph(data, link=key)
    except TypeError:  # from networkx 3.6 on
        return nx.node_link_graph(data, edges=key)


READ = {"gexf12": nx.read_gexf, "gexf": nx.read_gexf, "graphml": nx.read_graphml, "d3": node_link}


def plain(attributes):
    """Lists of GEXF are texts to networkx: quoted items, with backslashes before quotes
    and backslashes. The viz module of GEXF is left out, but for colour and size."""
    viz = attributes.pop("viz", {})
    if "color" in viz:
        attributes["color"] = "rgb({r},{g},{b})".format(**viz["color"])
    if "size" in viz:
        attributes["size"] = viz["size"]
    for key in ("aliases", "identifiers", "places", "documents", "quotes", "other_stances", "datasets", "via"):
        value = attributes.get(key)
        if isinstance(value, str) and value.startswith('["'):
            attributes[key] = json.loads(value, strict=False)
    return attributes


def read(path):
    graph = READ[path.rsplit(".", 1)[1]](path)
    if not graph.is_directed():
        raise ValueError("an undirected graph")
    edges = []
    for source, target, key, attributes in nx.MultiDiGraph(graph).edges(keys=True, data=True):
        attributes = plain(dict(attributes))
        edges.append(present({"source": source, "target": target, "id": key, **attributes}))
    return {
        "nodes": [present({"id": n, **plain(dict(a))}) for n, a in graph.nodes(data=True)],
        "edges": edges,
    }


each(read)
