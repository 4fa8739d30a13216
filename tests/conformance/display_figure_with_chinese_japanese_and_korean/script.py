import matplotlib.pyplot as plt

plt.bar(["北京", "東京", "서울"], [1, 2, 3])
plt.title("销售额 2024 かな")
plt.show()
print("done")
