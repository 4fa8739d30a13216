def kernel(n=60000):
    words = [f"word{i:05d}" for i in range(n)]
    text = " ".join(words)
    counts = {}
    for char in text:
        counts[char] = counts.get(char, 0) + 1
    return len(text.upper().replace("WORD", "w").split()), max(counts.values())
