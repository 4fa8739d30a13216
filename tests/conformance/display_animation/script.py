import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation

figure, axes = plt.subplots(figsize=(2, 1))
axes.set_title("Wave")
(line,) = axes.plot([0, 1], [0, 1])
animation = FuncAnimation(figure, lambda n: line.set_ydata([n, 1]), frames=3)
print("frames[2]" in animation.to_jshtml(), "frames[3]" in animation.to_jshtml())
plt.show()
