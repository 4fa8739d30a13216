"""Sound and video, which HTML plays."""

import base64
import html
import mimetypes

from IPython.core.display import DisplayObject

__all__ = ["Audio", "Video"]


class _Media(DisplayObject):
    """Sound or video, which HTML plays."""

    _read_flags = "rb"
    _takes_urls = _takes_files = True
    _element = ""

    def __init__(self, data, mimetype, attributes):
        self._attributes = attributes
        is_address = isinstance(data, str) and data.startswith(("http://", "https://"))
        self._source = data if is_address else None
        super().__init__(None if is_address else data)
        guessed = mimetypes.guess_type(self._source or self.filename or "")[0]
        self.mimetype = mimetype or guessed or self._default_type

    def _repr_html_(self):
        data = self.data if isinstance(self.data, bytes) else (self.data or "").encode()
        source = self._source or f"data:{self.mimetype};base64,{base64.b64encode(data).decode()}"
        kind = html.escape(self.mimetype)
        return (
            f"<{self._element} {self._attributes}>"
            f'<source src="{html.escape(source)}" type="{kind}" /></{self._element}>'
        )


class Audio(_Media):
    """Sound: bytes of a file, or numbers with their `rate`, of which a WAV is made."""

    _element, _default_type = "audio", "audio/wav"

    def __init__(
        self, data=None, filename=None, url=None, embed=None, rate=None, autoplay=False, normalize=True, *, element_id=None
    ):
        data = filename or url if data is None else data
        kind = None
        if data is not None and not isinstance(data, (str, bytes)):
            if rate is None:
                raise ValueError("rate must be specified when data is a numpy array or list of audio samples.")
            data, kind = _wav(data, rate, normalize), "audio/wav"
        self.autoplay, self.element_id = autoplay, element_id
        super().__init__(data, kind, 'controls="controls"' + (' autoplay="autoplay"' if autoplay else ""))


def _wav(samples, rate, normalize):
    """Numbers between -1 and 1, in one channel or a list of them, as a file."""
    import io
    import wave

    import numpy as np

    samples = np.atleast_2d(np.asarray(samples, dtype=float))
    loudest = np.max(np.abs(samples)) if samples.size else 0
    if not normalize and loudest > 1:
        raise ValueError("Audio data must be between -1 and 1 when normalize=False.")
    scale = (loudest or 1) if normalize else 1
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(samples.shape[0])
        writer.setframerate(rate)
        writer.setsampwidth(2)
        writer.writeframes((samples / scale * 32767).T.astype("<i2").tobytes())
    return file.getvalue()


class Video(_Media):
    """Video: bytes of a file, or a URL."""

    _element, _default_type = "video", "video/mp4"

    def __init__(
        self, data=None, url=None, filename=None, embed=False, mimetype=None, width=None, height=None, html_attributes="controls"
    ):
        sizes = "".join(f' {name}="{value}"' for name, value in (("width", width), ("height", height)) if value)
        super().__init__(url or filename or data, mimetype, f"{html_attributes}{sizes}")
