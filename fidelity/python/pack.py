"""Packs modules for the sandbox: source, and byte code of the interpreter that runs this.

    python3.15 pack.py ARCHIVE FOLDER PATTERN...

Patterns are globs below FOLDER.
"""

import marshal
import pathlib
import sys
import warnings
import zipfile

ROOT = "/carried/"


def main(archive: str, folder: str, *patterns: str) -> None:
    root = pathlib.Path(folder)
    files = sorted({file for pattern in patterns for file in root.glob(pattern) if file.is_file()})
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for file in files:
            name = file.relative_to(root).as_posix()
            if "__pycache__" in name or file.suffix == ".so" or file.stat().st_size > 1 << 20:
                continue
            content = file.read_bytes()
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 1)
            if file.suffix == ".py":
                try:
                    code = compile(content, ROOT + name, "exec", dont_inherit=True)
                except (SyntaxError, ValueError):
                    # Some tests are about files that do not compile.
                    continue
                packed.writestr(zipfile.ZipInfo(name + "c"), marshal.dumps(code), zipfile.ZIP_DEFLATED, 1)


warnings.simplefilter("ignore")
main(*sys.argv[1:])
