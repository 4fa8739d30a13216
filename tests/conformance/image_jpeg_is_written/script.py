import io

import matplotlib.pyplot as plt
from PIL import Image

for mode in ("1", "L", "RGB", "CMYK", "YCbCr"):
    file = io.BytesIO()
    Image.new(mode, (17, 9)).save(file, "JPEG", quality=90, comment="by a script", dpi=(72, 72))
    data = file.getvalue()
    image = Image.open(io.BytesIO(data))
    print(mode, data[:2].hex(), data[-2:].hex(), image.format, image.mode, image.size, b"by a script" in data)
try:
    image.load()
except OSError as error:
    print(error)
gradient = Image.linear_gradient("L")
sizes = []
for quality in (5, 50, 95):
    file = io.BytesIO()
    gradient.convert("RGB").save(file, "jpeg", quality=quality)
    sizes.append(len(file.getvalue()))
print(sizes == sorted(sizes), sizes[0] < sizes[2])
plt.plot([1, 2])
file = io.BytesIO()
plt.savefig(file, format="jpg")
plt.close()
print(Image.open(io.BytesIO(file.getvalue())).size)
try:
    gradient.save(io.BytesIO(), "WEBP")
except OSError as error:
    print(error)
