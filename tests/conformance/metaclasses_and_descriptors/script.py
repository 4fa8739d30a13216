class Typed:
    def __init__(self, kind):
        self.kind = kind

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        return self if instance is None else instance.__dict__[self.name]

    def __set__(self, instance, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name} wants {self.kind.__name__}")
        instance.__dict__[self.name] = value


class Registry(type):
    known = {}

    def __new__(mcls, name, bases, space, **options):
        cls = super().__new__(mcls, name, bases, space)
        mcls.known[name] = options
        return cls


class Base(metaclass=Registry, tag=1):
    age = Typed(int)

    def __init_subclass__(cls, /, **kwargs):
        cls.extra = kwargs


class Child(Base, tag=2):
    pass


def main():
    c = Child()
    c.age = 3
    try:
        c.age = "x"
    except TypeError as error:
        return [c.age, str(error), Registry.known, Child.extra, [k.__name__ for k in Child.__mro__]]
