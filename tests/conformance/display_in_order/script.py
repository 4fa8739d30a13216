class Formula:
    def _repr_latex_(self):
        return '$x^2$'

    def __repr__(self):
        return 'x squared'

def main():
    display('text', [1, 2])
    display(Formula())
    display({'application/json': {'n': 12345678901234567890}}, raw=True)
    return 'result'
