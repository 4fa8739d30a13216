from PIL import Image, ImageDraw, ImageFont

font = ImageFont.truetype("DejaVuSans.ttf", 20)
print(font.getname(), font.getmetrics(), font.getbbox("Agj"), font.getlength("Agj"), font.getbbox(""))
print(font.getbbox("Hello", anchor="ms"), ImageFont.load_default(12).getname())
image = Image.new("RGB", (120, 40), "white")
draw = ImageDraw.Draw(image)
draw.text((5, 5), "Hello", font=font, fill="red", stroke_width=1, stroke_fill="black")
draw.multiline_text((70, 2), "a\nb", font=font.font_variant(size=12), fill=(0, 0, 255))
colours = {colour for _, colour in image.getcolors(10000)}
print((255, 0, 0) in colours, (0, 0, 0) in colours, (0, 0, 255) in colours)
try:
    ImageFont.truetype("NoSuchFont.ttf")
except OSError as error:
    print(error)
