"""A plot as PNG: bytes in a result become a base64 string.

    belljar run examples/plot.py | python3 -c \
        "import base64,json,sys; sys.stdout.buffer.write(base64.b64decode(json.load(sys.stdin)['result']['png']))" \
        > plot.png
"""

import io

import matplotlib.pyplot as plt
import numpy as np


def main():
    x = np.linspace(0, 2 * np.pi, 200)
    figure, axes = plt.subplots(figsize=(4, 3))
    axes.plot(x, np.sin(x), label="sin")
    axes.plot(x, np.cos(x), label="cos")
    axes.legend()
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return {"png": png.getvalue()}
