from IPython.core.display import HTML
from IPython.display import Image, display, display_html, display_png
from IPython.lib.display import IFrame


class Plain:
    def __repr__(self):
        return "plain"


# What has no such form is passed over, and is no error.
display_html(Plain(), HTML("<b>x</b>"))
display_png(Plain())
display(Plain(), include=["text/plain"])
display(HTML("<i>y</i>"), exclude=["text/html"])
print(Image(b"of no known kind").format, Image(b"GIF89a").format, IFrame.__module__)
