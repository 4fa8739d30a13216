import random


def main():
    random.seed(2024)
    return [random.randint(1, 6), random.sample(range(100), 4), random.shuffle(l := [1, 2, 3, 4, 5]) or l,
            round(random.gauss(0, 1), 12), random.choices("abc", k=5), random.getrandbits(70)]
