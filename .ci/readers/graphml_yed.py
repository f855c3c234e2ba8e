"""Reads what yEd shows of GraphML, with Python's XML: yEd itself has no command line.
The data of yEd must have the form of its files: a shape with a size and a label for each
node, a line with arrows and a label for each edge."""
import xml.etree.ElementTree as xml

from lib import each

G = "{http://graphml.graphdrawing.org/xmlns}"
Y = "{http://www.yworks.com/xml/graphml}"


def graphics(root, kind):
    """The id of the key of graphics of nodes or edges."""
    keys = [k.get("id") for k in root.findall(G + "key") if k.get("yfiles.type") == kind + "graphics" and k.get("for") == kind]
    if len(keys) != 1:
        raise ValueError(f"{len(keys)} keys of graphics of each {kind}")
    return keys[0]


def drawn(element, key, form):
    """The one drawing of a node or an edge."""
    found = [d for d in element.findall(G + "data") if d.get("key") == key]
    if len(found) != 1 or [c.tag for c in found[0]] != [Y + form]:
        raise ValueError(f"{element.get('id')} has not one {form}")
    return found[0][0]


def read(path):
    root = xml.parse(path).getroot()
    nodes, edges = [], []
    key = graphics(root, "node")
    for n in root.iter(G + "node"):
        d = drawn(n, key, "ShapeNode")
        size = d.find(Y + "Geometry")
        if float(size.get("width")) <= 0 or float(size.get("height")) <= 0:
            raise ValueError("a node without a size")
        nodes.append({"id": n.get("id"), "label": d.findtext(Y + "NodeLabel"), "border": d.find(Y + "BorderStyle").get("color"), "shape": d.find(Y + "Shape").get("type")})
    key = graphics(root, "edge")
    for e in root.iter(G + "edge"):
        d = drawn(e, key, "PolyLineEdge")
        line, arrows = d.find(Y + "LineStyle"), d.find(Y + "Arrows")
        edges.append({"id": e.get("id"), "source": e.get("source"), "target": e.get("target"), "label": d.findtext(Y + "EdgeLabel"),
                      "color": line.get("color"), "line": line.get("type"), "tail": arrows.get("source"), "head": arrows.get("target")})
    return {"nodes": nodes, "edges": edges}


each(read)
