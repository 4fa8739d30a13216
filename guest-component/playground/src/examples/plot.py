"""A figure that is shown comes with the answer."""

import matplotlib.pyplot as plt
import numpy as np


def main():
    x = np.linspace(0, 4 * np.pi, 400)
    figure, axes = plt.subplots(figsize=(6, 3.5))
    for damping in (0.05, 0.15, 0.3):
        axes.plot(x, np.exp(-damping * x) * np.cos(x), label=f"damping {damping}")
    axes.set_title("Damped oscillations")
    axes.legend()
    plt.show()
    return {"points": len(x)}
