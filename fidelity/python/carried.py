"""Modules that come with the request: an archive on standard input, where there are no files.

Natively the same modules are files, and standard input is empty. The archive holds source and byte code,
compiled by the native interpreter, which is of the same version. What the sandbox has by itself is taken
from there: this finder comes last.
"""

import importlib.machinery
import importlib.util
import io
import marshal
import sys
import zipfile

#: Where carried modules say that they are. Nothing can be opened there.
ROOT = "/carried/"


class Carried:
    """Finds and loads what is in the archive."""

    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive
        self._names = set(archive.namelist())

    def find_spec(self, name, path=None, target=None):
        stem = name.replace(".", "/")
        for file, is_package in ((stem + "/__init__.py", True), (stem + ".py", False)):
            if file in self._names:
                spec = importlib.machinery.ModuleSpec(name, self, origin=ROOT + file, is_package=is_package)
                spec.has_location = True
                if is_package:
                    spec.submodule_search_locations = [ROOT + stem]
                return spec
        folder = stem + "/"
        if any(file.startswith(folder) for file in self._names):
            spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
            spec.submodule_search_locations = [ROOT + stem]
            return spec
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(self.get_code(module.__name__), module.__dict__)

    def get_code(self, name):
        file = self.get_filename(name).removeprefix(ROOT)
        if file + "c" in self._names:
            return marshal.loads(self._archive.read(file + "c"))
        return compile(self._archive.read(file), ROOT + file, "exec", dont_inherit=True)

    def get_filename(self, name):
        spec = self.find_spec(name)
        if spec is None or spec.origin is None:
            raise ImportError(f"no module {name} was carried here")
        return spec.origin

    def get_source(self, name):
        return importlib.util.decode_source(self.get_data(self.get_filename(name)))

    def is_package(self, name):
        return self.find_spec(name).submodule_search_locations is not None

    def get_data(self, path):
        try:
            return self._archive.read(path.removeprefix(ROOT))
        except KeyError:
            raise FileNotFoundError(2, "No such file or directory", path) from None


def install() -> None:
    """Makes what is on standard input importable."""
    data = sys.stdin.buffer.read()
    if data:
        sys.meta_path.append(Carried(zipfile.ZipFile(io.BytesIO(data))))
