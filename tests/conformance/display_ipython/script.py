import math
from IPython.display import HTML, IFrame, Image, JSON, Latex, Markdown, Math, SVG, Audio, clear_output, display
from IPython import get_ipython
from IPython.core.display import display as old

display(HTML("<b>x</b>"), Markdown("*m*"), Math("x^2"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'/>"))
handle = display(JSON({"a": 1}), display_id=True)
handle.update(Latex("$y$"))
old(IFrame("https://example.com", 10, 20))
clear_output(wait=True)
display(Audio([math.sin(n) for n in range(100)], rate=8000))
try:
    Image("nowhere.png")
except FileNotFoundError as error:
    print(error)
print(get_ipython(), HTML("x"))
