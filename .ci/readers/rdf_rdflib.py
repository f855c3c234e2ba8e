"""Reads N-Quads, TriG, Turtle and JSON-LD with rdflib."""
import rdflib

from lib import each

rdflib.NORMALIZE_LITERALS = False
FORMATS = {"nquads": "nquads", "trig": "trig", "turtle": "turtle", "jsonld": "json-ld"}
STRING = rdflib.URIRef("http://www.w3.org/2001/XMLSchema#string")


def name(term):
    """The term as in N-Quads, without escapes. All blank nodes are "_:b"."""
    if isinstance(term, rdflib.BNode):
        return "_:b"
    if isinstance(term, rdflib.URIRef):
        return f"<{term}>"
    if term.language:
        return f'"{term}"@{term.language.lower()}'
    if term.datatype in (None, STRING):
        return f'"{term}"'
    return f'"{term}"^^<{term.datatype}>'


def graph_name(graph):
    """The name of a graph; the default graph of rdflib is a blank node."""
    identifier = getattr(graph, "identifier", graph)
    if identifier is None or isinstance(identifier, rdflib.BNode) or str(identifier) == "urn:x-rdflib:default":
        return ""
    return f"<{identifier}>"


def read(path):
    data = rdflib.ConjunctiveGraph()
    extension = path.rsplit(".", 1)[1]
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    if extension == "nquads":
        text = text.replace("\\\\", "\\u005C")  # rdflib 6.1 reads an escaped backslash before an n as a line break
    data.parse(data=text, format=FORMATS[extension])
    return {"quads": [[name(s), name(p), name(o), graph_name(g)] for s, p, o, g in data.quads()]}


each(read)
