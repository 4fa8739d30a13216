from __future__ import annotations
import dataclasses, typing

@dataclasses.dataclass
class Point:
    x: int
    y: list[int]

def main():
    hints = typing.get_type_hints(Point)
    return [Point(1, [2]), str(hints["y"])]
