"""Reads DOT with Graphviz: dot -Tdot_json parses a graph and lays out nothing."""
import json
import subprocess

from lib import each


def unescape(s):
    """The text that Graphviz shows for a label: \\n is a line break."""
    out, escaped = [], False
    for c in s:
        if escaped:
            out.append("\n" if c == "n" else c)
            escaped = False
        elif c == "\\":
            escaped = True
        else:
            out.append(c)
    return "".join(out)


def read(path):
    done = subprocess.run(["dot", "-Tdot_json", path], capture_output=True, check=False)
    if done.returncode or done.stderr:
        raise ValueError(done.stderr.decode())
    graph = json.loads(done.stdout)
    names = {n["_gvid"]: n["name"] for n in graph.get("objects", [])}
    keep = lambda x: {k: unescape(v) for k, v in x.items() if k in ("label", "shape", "style", "color", "dir", "arrowhead", "tooltip")}
    return {
        "nodes": [{"id": n["name"], **keep(n)} for n in graph.get("objects", [])],
        "edges": [{"source": names[e["tail"]], "target": names[e["head"]], **keep(e)} for e in graph.get("edges", [])],
    }


each(read)
