"""Reads GEXF 1.2 with networkx."""
import networkx

from lib import each
from networks import elements

each(lambda path: elements(networkx.read_gexf(path)))
