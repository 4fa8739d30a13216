from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol, runtime_checkable


class Colour(Enum):
    RED = auto()
    BLUE = auto()


@runtime_checkable
class Shape(Protocol):
    def area(self) -> float: ...


@dataclass(frozen=True, order=True)
class Square:
    side: float

    def area(self):
        return self.side**2


def kind(value):
    match value:
        case Square(side=s) if s > 2:
            return f"large {s}"
        case Square():
            return "small"
        case {"type": "point", "at": [x, *_]}:
            return f"point {x}"
        case Colour.RED | Colour.BLUE:
            return value.name
        case _:
            return "?"


def main():
    return [kind(Square(3)), kind(Square(1)), kind({"type": "point", "at": [5, 6]}), kind(Colour.BLUE), kind(1),
            isinstance(Square(1), Shape), sorted([Square(2), Square(1)])[0].side, {Square(1): 1}[Square(1)]]
