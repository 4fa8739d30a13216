from decimal import Decimal, getcontext


def kernel():
    getcontext().prec = 50
    total = Decimal(0)
    for n in range(1, 2000):
        total += Decimal(1) / (n * n)
    for n in range(200):
        total = (total * Decimal("1.07")).sqrt().quantize(Decimal("0.0000000001"))
    return total
