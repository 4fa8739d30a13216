"""The functions that show things, and what a shown thing is called by."""

import builtins
import uuid

__all__ = """
    display display_html display_json display_javascript display_jpeg display_latex display_markdown
    display_pdf display_png display_pretty display_svg publish_display_data update_display clear_output
    DisplayHandle
""".split()

_show = builtins.display


class DisplayHandle:
    """Names something that was shown; showing it again under that name gives another item."""

    def __init__(self, display_id=None):
        self.display_id = display_id or uuid.uuid4().hex

    def __repr__(self):
        return f"<DisplayHandle display_id={self.display_id}>"

    def display(self, obj, **kwargs):
        display(obj, display_id=self.display_id, **kwargs)

    def update(self, obj, **kwargs):
        display(obj, display_id=self.display_id, **kwargs)


def display(
    *objs, include=None, exclude=None, metadata=None, transient=None, display_id=None, raw=False, clear=False, **kwargs
):
    """Show objects in the richest form they have; with `raw=True`, dicts from media type to data."""
    for obj in objs:
        if include or exclude:
            bundle = obj if raw else _bundle(obj)
            kept = {
                kind: data
                for kind, data in bundle.items()
                if (not include or kind in include) and not (exclude and kind in exclude)
            }
            _show(kept or {"text/plain": repr(obj)}, raw=True)
        else:
            _show(obj, raw=raw)
    if display_id is True:
        return DisplayHandle()
    return DisplayHandle(display_id) if display_id else None


def update_display(obj, *, display_id, **kwargs):
    """Show an object anew: what was shown before stays."""
    display(obj, display_id=display_id, **kwargs)


def publish_display_data(data, metadata=None, *, transient=None, **kwargs):
    """Show a dict from media type to data."""
    _show(data, raw=True)


def clear_output(wait=False):
    """Clear what was shown: an answer only grows, so nothing happens."""


_FORMS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
    "text/latex": "_repr_latex_",
    "application/json": "_repr_json_",
    "application/javascript": "_repr_javascript_",
    "application/pdf": "_repr_pdf_",
}


def _bundle(obj):
    """An object in every form that it has."""
    bundle = {"text/plain": repr(obj)}
    method = getattr(type(obj), "_repr_mimebundle_", None)
    if method is not None:
        found = method(obj)
        bundle.update(found[0] if isinstance(found, tuple) else found or {})
    for kind, name in _FORMS.items():
        method = getattr(type(obj), name, None)
        found = method(obj) if method is not None else None
        if found is not None:
            bundle.setdefault(kind, found[0] if isinstance(found, tuple) else found)
    return bundle


def _displayer(name, kind):
    """The function that shows objects in one form, or with `raw=True` text of that form."""

    def show(*objs, raw=False, metadata=None, **kwargs):
        for obj in objs:
            data = obj if raw else _bundle(obj).get(kind)
            if data is not None:
                _show({kind: data}, raw=True)

    show.__name__ = show.__qualname__ = name
    show.__doc__ = f"Show objects as {kind}."
    return show


display_html = _displayer("display_html", "text/html")
display_markdown = _displayer("display_markdown", "text/markdown")
display_svg = _displayer("display_svg", "image/svg+xml")
display_png = _displayer("display_png", "image/png")
display_jpeg = _displayer("display_jpeg", "image/jpeg")
display_latex = _displayer("display_latex", "text/latex")
display_json = _displayer("display_json", "application/json")
display_javascript = _displayer("display_javascript", "application/javascript")
display_pdf = _displayer("display_pdf", "application/pdf")
display_pretty = _displayer("display_pretty", "text/plain")
