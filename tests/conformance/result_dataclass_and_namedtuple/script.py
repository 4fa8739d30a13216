from collections import namedtuple
from dataclasses import dataclass, field

@dataclass
class Item:
    name: str
    parts: list = field(default_factory=list)

Pair = namedtuple("Pair", "left right")

def main():
    return [Item("a", [Item("b")]), Pair(1, 2)]
