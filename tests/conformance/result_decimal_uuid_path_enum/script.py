import enum, pathlib, uuid
from decimal import Decimal
from fractions import Fraction

class Colour(enum.Enum):
    RED = "red"
    BOTH = (1, 2)

def main():
    return [
        Decimal("1.10"),
        Fraction(1, 3),
        uuid.UUID(int=1),
        pathlib.Path("a/b"),
        Colour.RED,
        Colour.BOTH,
    ]
