from tqdm import tqdm, trange
from tqdm.auto import tqdm as automatic

for _ in tqdm(range(3)):
    pass
for _ in trange(2):
    pass
for _ in automatic(range(2)):
    pass
print("done")
