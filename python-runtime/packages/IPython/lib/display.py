"""Other pages in frames, links to files, source text; and sound and video under IPython's name."""

import html
import urllib.parse

from IPython.core.display import TextDisplayObject
from IPython.lib.media import Audio, Video

__all__ = """
    Audio Video IFrame YouTubeVideo ScribdDocument VimeoVideo FileLink FileLinks Code
""".split()


class IFrame:
    """Another page, in a frame."""

    def __init__(self, src, width, height, extras=None, **kwargs):
        self.src, self.width, self.height = src, width, height
        self.extras, self.params = extras or [], kwargs

    def _repr_html_(self):
        query = f"?{urllib.parse.urlencode(self.params)}" if self.params else ""
        extras = " ".join(self.extras)
        return (
            f'<iframe width="{self.width}" height="{self.height}" src="{html.escape(self.src + query)}" '
            f'frameborder="0" allowfullscreen {extras}></iframe>'
        )


class YouTubeVideo(IFrame):
    """A video of YouTube, by its id."""

    def __init__(self, id, width=400, height=300, allow_autoplay=False, **kwargs):
        self.id = id
        super().__init__(f"https://www.youtube.com/embed/{id}", width, height, **kwargs)


class VimeoVideo(IFrame):
    """A video of Vimeo, by its id."""

    def __init__(self, id, width=400, height=300, **kwargs):
        self.id = id
        super().__init__(f"https://player.vimeo.com/video/{id}", width, height, **kwargs)


class ScribdDocument(IFrame):
    """A document of Scribd, by its id."""

    def __init__(self, id, width=400, height=300, **kwargs):
        self.id = id
        super().__init__(f"https://www.scribd.com/embeds/{id}/content", width, height, **kwargs)


class FileLink:
    """A link to a file."""

    def __init__(self, path, url_prefix="", result_html_prefix="", result_html_suffix="<br>"):
        self.path, self.url_prefix = str(path), url_prefix
        self._prefix, self._suffix = result_html_prefix, result_html_suffix

    def _repr_html_(self):
        address = html.escape(self.url_prefix + urllib.parse.quote(self.path))
        return f"{self._prefix}<a href='{address}' target='_blank'>{html.escape(self.path)}</a>{self._suffix}"

    def __repr__(self):
        return self.path


class FileLinks(FileLink):
    """A link to a folder."""


class Code(TextDisplayObject):
    """Source text, coloured."""

    _takes_files = True

    def __init__(self, data=None, url=None, filename=None, language=None):
        self.language = language
        super().__init__(data, url, filename)

    def _repr_html_(self):
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import get_lexer_by_name, guess_lexer

        lexer = get_lexer_by_name(self.language) if self.language else guess_lexer(self.data)
        style = HtmlFormatter()
        return f"<style>{style.get_style_defs('.highlight')}</style>{highlight(self.data, lexer, style)}"

    def __repr__(self):
        return self.data or ""
