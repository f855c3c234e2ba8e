"""Answers what networkx_test.go asks, with networkx: JSON in, JSON out.

What paths cost is worked out here anew, from what the documentation of the Go
type Rank says, in 256ths of a hop.
"""

import itertools
import json
import sys

import networkx

HOP = 256
DEARER = {"country": 4, "institution": 2}  # to pass, since they stand for many


def log2(n):
    """In 256ths, along a line between two powers of two."""
    low = 1 << (n.bit_length() - 1)
    return HOP * (n.bit_length() - 1) + HOP * (n - low) // low


def hop(edge):
    return HOP * (1 + edge["relation"] + (not edge["dated"]))


def passing(graph, node):
    return log2(graph.degree(node)) * DEARER.get(node.split(":")[0], 1)


def read(edges):
    """An undirected graph with the cheapest of parallel edges."""
    graph = networkx.Graph()
    for edge in edges:
        ends, cost = (edge["from"], edge["to"]), hop(edge)
        if not graph.has_edge(*ends) or cost < graph.edges[ends]["cost"]:
            graph.add_edge(*ends, cost=cost)
    return graph


def directed(graph):
    """Each edge both ways, to pass its head included."""
    both = networkx.DiGraph()
    for a, b, cost in graph.edges(data="cost"):
        for tail, head in ((a, b), (b, a)):
            telling = cost + passing(graph, head)
            both.add_edge(tail, head, telling=telling, hops=telling + (1 << 40))
    return both


class Ways:
    """The ways between two, none of which passes a group."""

    def __init__(self, graph):
        self.all = directed(graph)
        self.open = self.all.subgraph(n for n in graph if not n.startswith("group:")).copy()
        self.passing = {node: passing(graph, node) for node in graph}

    def admit(self, *ends):
        """A path may begin or end at a group."""
        added = [node for node in ends if node not in self.open]
        self.open.add_nodes_from(added)
        for node in added:
            for edge in itertools.chain(self.all.in_edges(node, data=True), self.all.out_edges(node, data=True)):
                if edge[0] in self.open and edge[1] in self.open:
                    self.open.add_edge(edge[0], edge[1], **edge[2])
        return added

    def ask(self, question, *ends):
        added = self.admit(*ends)
        try:
            return question(*ends)
        except networkx.NetworkXNoPath:
            return None
        finally:
            self.open.remove_nodes_from(added)

    def far(self, start, end):
        return networkx.shortest_path_length(self.open, start, end)

    def first(self, k, weight):
        def question(start, end):
            found = networkx.shortest_simple_paths(self.open, start, end, weight=weight)
            return [self.cost(path) for path in itertools.islice(found, k)]

        return question

    def cost(self, path):
        # Where a path ends, it passes nothing: so much less for all of them.
        telling = networkx.path_weight(self.all, path, "telling") - self.passing[path[-1]]
        return [len(path) - 1, telling]


def main():
    asked = json.load(sys.stdin)
    ways = Ways(read(asked["edges"]))
    far = [ways.ask(ways.far, *ends) for ends in asked["far"]]
    telling = [ways.ask(ways.first(asked["k"], "telling"), *ends) or [] for ends in asked["ranked"]]
    hops = [ways.ask(ways.first(asked["k"], "hops"), *ends) or [] for ends in asked["ranked"]]
    json.dump({
        "far": [-1 if n is None else n for n in far],
        "telling": [[cost for _, cost in costs] for costs in telling],
        "hops": hops,
    }, sys.stdout)


main()
