import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation


def main():
    figure, axes = plt.subplots(figsize=(2, 1))
    (line,) = axes.plot([0, 1], [0, 1])
    return FuncAnimation(figure, lambda n: line.set_ydata([n, 1]), frames=2)
