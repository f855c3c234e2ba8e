"""The nodes and edges of a graph of networkx, without what is only drawn."""
from lib import present

DRAWN = {"viz", "color", "line", "size"}


def attributes(data):
    return present({k: v for k, v in data.items() if k not in DRAWN})


def elements(graph):
    if not graph.is_directed():
        raise ValueError("the edges have no direction")
    edges = graph.edges(keys=True, data=True) if graph.is_multigraph() else ((u, v, d.get("id"), d) for u, v, d in graph.edges(data=True))
    return {
        "nodes": [{**attributes(data), "id": node} for node, data in graph.nodes(data=True)],
        "edges": [{**attributes(data), "id": key, "source": source, "target": target} for source, target, key, data in edges],
    }
