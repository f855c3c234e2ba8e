"""Answers what paths.go asks, with igraph or networkx: see paths_world.go for what
it reads, and paths_answers.go for what it prints.

    paths.py igraph|networkx FOLDER ROUNDS
"""

import gc
import json
import os
import platform
import sys
import warnings
from time import perf_counter, perf_counter_ns


class Igraph:
    """Each pair of neighbours is one edge. igraph cannot filter while it searches:
    the constrained question is asked of a subgraph, which is made beforehand."""

    def __init__(self, world, links):
        import igraph

        warnings.simplefilter("ignore", RuntimeWarning)  # "Couldn't reach some vertices": no path
        self.version = igraph.__version__
        self.graph = igraph.Graph(world["nodes"], list({ends(link) for link in links}))
        begin = perf_counter()
        taken = takes(world)
        self.some = igraph.Graph(world["nodes"], list({ends(link) for link in links if taken([link[2:]])}))
        self.prepare = perf_counter() - begin

    def shortest(self, start, end):
        return hops(self.graph.get_shortest_paths(start, end)[0])

    def constrained(self, start, end):
        return hops(self.some.get_shortest_paths(start, end)[0])

    def near(self, start, _):
        return self.graph.neighborhood_size(start, order=3, mindist=1)


class Networkx:
    """Each pair of neighbours is one edge, with a list of what links them. The
    constrained question is answered by a search like networkx's own, which can
    filter only on views, where it takes longer; and who is near is counted with
    sets, in a fifth of the time of single_source_shortest_path_length."""

    prepare = 0

    def __init__(self, world, links):
        import networkx

        self.networkx, self.version = networkx, networkx.__version__
        self.graph = networkx.Graph()
        self.graph.add_nodes_from(range(world["nodes"]))
        for a, b, *link in links:
            self.graph.add_edge(a, b)
            self.graph.edges[a, b].setdefault("links", []).append(link)
        self.neighbours, self.taken = dict(self.graph.adjacency()), takes(world)

    def shortest(self, start, end):
        try:
            return hops(self.networkx.bidirectional_shortest_path(self.graph, start, end))
        except self.networkx.NetworkXNoPath:
            return -1

    def constrained(self, start, end):
        neighbours, taken = self.neighbours, self.taken
        before = ({start: None}, {end: None})
        fronts = [[start], [end]]
        while fronts[0] and fronts[1]:
            side = int(len(fronts[1]) < len(fronts[0]))
            front, fronts[side] = fronts[side], []
            for node in front:
                for other, edge in neighbours[node].items():
                    if other in before[side] or not taken(edge["links"]):
                        continue
                    before[side][other] = node
                    if other in before[1 - side]:
                        return hops(way(before[0], other)[::-1] + way(before[1], other)[1:])
                    fronts[side].append(other)
        return -1

    def near(self, start, _):
        seen = front = {start}
        for _ in range(3):
            front = set().union(*map(self.neighbours.__getitem__, front)) - seen
            seen = seen | front
        return len(seen) - 1


def way(before, node):
    nodes = []
    while node is not None:
        nodes.append(node)
        node = before[node]
    return nodes


def hops(path):
    return len(path) - 1


def ends(link):
    a, b = link[0], link[1]
    return (a, b) if a < b else (b, a)


def takes(world):
    verbs, since, until = frozenset(world["verbs"]), world["since"], world["until"]

    def any_of(links):
        for verb, first, last in links:
            if verb in verbs and first <= until and last >= since:
                return True
        return False

    return any_of


def read(folder):
    with open(os.path.join(folder, "paths.json")) as file:
        world = json.load(file)
    with open(os.path.join(folder, "links.tsv")) as file:
        links = [tuple(map(int, line.split())) for line in file]
    return world, links


def memory():
    gc.collect()
    with open("/proc/self/status") as file:
        return next(1024 * int(line.split()[1]) for line in file if line.startswith("VmRSS:"))


def ask(question, pairs, rounds):
    found, nanos = [0] * len(pairs), [sys.maxsize] * len(pairs)
    for _ in range(rounds):
        for i, (start, end) in enumerate(pairs):
            begin = perf_counter_ns()
            found[i] = question(start, end)
            nanos[i] = min(nanos[i], perf_counter_ns() - begin)
    return {"found": found, "nanos": nanos}


def main():
    system, folder, rounds = sys.argv[1:]
    begin = perf_counter()
    world, links = read(folder)
    finder = {"igraph": Igraph, "networkx": Networkx}[system](world, links)
    del links
    built = perf_counter() - begin - finder.prepare
    print(json.dumps({
        "version": f"{finder.version}, Python {platform.python_version()}",
        "build": built,
        "prepare": finder.prepare,
        "memory": memory(),
        "asked": {
            name: ask(getattr(finder, name), world["pairs"], int(rounds))
            for name in ("shortest", "constrained", "near")
        },
    }))


main()
