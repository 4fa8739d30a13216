"""Runs once inside the sandbox's CPython, right before the snapshot is taken.

Imports and warms what scripts use, installs the harness as the handler of requests, and leaves the
interpreter in the state every sandbox starts from. It is executed with `SOURCES` (module name to
source text) in its namespace. What the host needs to know goes through `_host.call`.
"""

import array
import gc
import importlib
import json
import logging
import os
import struct
import sys
import tempfile
import types
import zipimport

import _host
import _reactor

#: Modules of the standard library that scripts commonly use. Importing one from the archive costs
#: milliseconds; importing it here costs a script nothing.
STANDARD_LIBRARY = """
    abc argparse array ast asyncio base64 binascii bisect builtins bz2 calendar cmath codecs
    collections collections.abc concurrent.futures configparser contextlib contextvars copy copyreg
    csv dataclasses datetime decimal difflib dis email email.message enum errno fnmatch fractions
    functools getpass gettext glob graphlib gzip hashlib heapq hmac html html.parser http http.client inspect io
    ipaddress itertools json json.tool keyword linecache locale logging logging.handlers lzma marshal
    math mimetypes numbers operator optparse os os.path pathlib pickle platform pprint queue random re
    reprlib sched secrets select selectors shelve shlex shutil signal socket sqlite3 ssl stat statistics
    string stringprep struct subprocess sysconfig tarfile tempfile textwrap threading time timeit token
    tokenize tomllib traceback types typing unicodedata unittest urllib.parse urllib.request uuid
    warnings weakref xml.etree.ElementTree zipfile zlib zoneinfo
""".split()

#: Packages, and parts of them that are only imported when first used.
PACKAGES = """
    dateutil.parser dateutil.relativedelta dateutil.rrule six typing_extensions yaml
    numpy numpy.linalg numpy.fft numpy.random numpy.polynomial numpy.strings numpy.char numpy.ma
    numpy.testing numpy.lib.stride_tricks numpy.lib.recfunctions numpy.rec
    pandas pandas.api.types pandas.tseries.offsets pandas.io.json pandas.io.formats.style
    pandas.io.formats.string pandas.io.formats.html pandas.io.formats.csvs pandas.io.sql
    pandas.io.html pandas.io.excel pandas.core.reshape.pivot pandas.core.resample
""".split()


#: Where packages in pure Python are, beside those of the standard library's archive.
PACKAGES_ARCHIVE = "/usr/local/lib/packages.zip"


def find_in_archive(path: str) -> zipimport.zipimporter:
    """The importer of a package inside that archive.

    zipimport's own hook refuses the path where data files lie beside the archive: it takes it for a folder.
    """
    inside = path.removeprefix(PACKAGES_ARCHIVE + "/")
    if inside == path:
        raise zipimport.ZipImportError(f"not in the archive: {path!r}", path=path)
    importer = zipimport.zipimporter(PACKAGES_ARCHIVE)
    importer.prefix = inside.rstrip("/") + "/"
    return importer


def import_all(names: list[str]) -> list[str]:
    """Imports every module; returns what could not be imported, and why."""
    failed = []
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:
            failed.append(f"{name} ({type(error).__name__}: {error})")
    return failed


def import_matplotlib() -> list[str]:
    """Imports matplotlib, which wants a directory of its own to write to, and gets none.

    It would otherwise give up at its first import. Its font list, built here, is in the snapshot.
    """
    make_directory = tempfile.mkdtemp
    tempfile.mkdtemp = lambda *_, **__: "/tmp"
    os.environ["MPLBACKEND"] = "agg"
    try:
        logging.getLogger("matplotlib").setLevel(logging.ERROR)
        return import_all(["matplotlib", "matplotlib.pyplot", "matplotlib.backends.backend_agg"])
    finally:
        tempfile.mkdtemp = make_directory


def u32(number: int) -> bytes:
    return number.to_bytes(4, "little")


def request(kind: bytes, content: bytes) -> None:
    _host.call(kind + content)


def announce_generators(describe) -> None:
    """Tells the host where random generators keep their state, to be replaced before every run."""
    for generator in describe():
        name = generator["name"].encode()
        request(b"G", u32(generator["id"]) + u32(len(name)) + name + generator["key"])


#: Addresses sent to the host at a time: few enough to leave no large hole in the snapshot.
IMMORTAL_BATCH = 4096


def make_immortal() -> None:
    """Stops the counting of references to what is in the snapshot.

    A count is a write, and the first write to a page of a fresh sandbox is a copy of that page.
    The host does it, while the objects are certain to be alive; that an object is immortal also
    tells that it was here before, so nothing else must be remembered of half a million objects.
    """
    batch = array.array("I")
    stack: list[object] = []
    own = {id(batch), id(stack)}
    containers = gc.get_objects()
    own |= {id(containers), id(own)}

    def add(obj: object) -> None:
        batch.append(id(obj))
        if len(batch) == IMMORTAL_BATCH:
            request(b"I", batch.tobytes())
            del batch[:]

    own.add(id(add))
    while containers:
        stack.append(containers.pop())
        while stack:
            obj = stack.pop()
            # Frames and cells of functions that run now come and go.
            if id(obj) in own or type(obj) in (types.FrameType, types.CellType):
                continue
            add(obj)
            stack.extend(part for part in parts_of(obj) if not is_found_elsewhere(part))
    request(b"I", batch.tobytes())


def is_found_elsewhere(obj: object) -> bool:
    """Whether an object was already seen, or is one of the containers that the collector lists."""
    return sys._is_immortal(obj) or gc.is_tracked(obj)


def parts_of(obj: object) -> list[object]:
    """What an object refers to, with what it does not tell the collector.

    The collector looks for cycles, so it hears nothing of strings and numbers that only code or
    the keys of a dictionary refer to.
    """
    parts = gc.get_referents(obj)
    if type(obj) is dict:
        parts.extend(obj)
    elif type(obj) is types.CodeType:
        parts.extend((obj.co_consts, obj.co_names, obj.co_filename, obj.co_name, obj.co_qualname))
        parts.extend((obj.co_linetable, obj.co_exceptiontable))
    return parts


#: Room at the end of the heap that every sandbox starts with: a small script never has to ask the
#: host for memory.
SPARE_BYTES = 2 << 20

#: What the allocator adds to a request, to what it rounds it up, and what a `bytes` object has beside
#: its content.
CHUNK_OVERHEAD, CHUNK_ALIGNMENT, BYTES_OVERHEAD = 4, 16, bytes().__sizeof__()


def close_gaps() -> list[object]:
    """Fills the gaps that freed memory has left all over the heap; returns what fills them.

    The allocator would hand them out first. A script's objects would lie scattered over the pages of
    the snapshot, each of which is copied when it is first written to; so they lie side by side.
    """
    end = id(bytes(SPARE_BYTES))
    sizes = [1 << exponent for exponent in range(20, 10, -1)]
    sizes += range(1 << 10, CHUNK_ALIGNMENT, -CHUNK_ALIGNMENT)
    filling: list[object] = []
    for size in sizes:
        content = size - CHUNK_OVERHEAD - BYTES_OVERHEAD
        while id(obj := bytes(content)) < end:
            filling.append(obj)
    # The smallest gaps hold nothing but an object without content.
    while id(obj := object()) < end:
        filling.append(obj)
    return filling


def frame_of(mode: int, script: bytes, data: bytes) -> bytes:
    """A request as the host makes it: see README.md."""
    flags = 2 if data else 0
    header = struct.pack("<BBBBQIII", 1, mode, flags, 0, 0, len(script), len(data), 0)
    return header + script + data


def run_module(name: str) -> dict:
    """Executes one of the sources by itself; returns its namespace."""
    namespace: dict = {"__name__": name}
    exec(compile(SOURCES.pop(name), f"<{name}>", "exec", dont_inherit=True), namespace)
    return namespace


def install_harness() -> dict:
    """Loads the package `belljar`, and makes it the handler of requests; returns its modules."""
    harness = run_module("belljar.loader")["load"](SOURCES)
    harness["belljar.environment"].install()
    # C holds on to the function object `_reactor.turn`: only its code can be replaced.
    _reactor._belljar_turn = harness["belljar.entry"].turn

    def turn(source, environ):
        return _belljar_turn(source, environ)

    if _reactor.turn.__code__.co_argcount != 2 or _reactor.turn.__code__.co_freevars:
        raise RuntimeError("the interpreter has changed: _reactor.turn takes other arguments")
    _reactor.turn.__code__ = turn.__code__
    return harness


def prepare() -> None:
    """Everything, in order; the last step leaves nothing to collect."""
    sys.path.append(PACKAGES_ARCHIVE)
    sys.path_hooks.insert(0, find_in_archive)
    run_module("belljar.tls")["install"]()
    run_module("wide_integers")["install"]()
    run_module("derived_keys")["install"]()
    failed = import_all(STANDARD_LIBRARY) + import_all(PACKAGES) + import_matplotlib()
    warm_up = run_module("warm_up")
    warm_up["warm_up"]()
    harness = install_harness()
    # After what nearly all scripts use, so that this lies side by side; and before the last warm-up,
    # because the interpreter specialises byte code for what it saw last.
    gc.collect()
    filling = close_gaps()
    left_out = run_module("preload")["preload"](harness["belljar.shelf"])
    harness["belljar.closing"].forget_callbacks()
    warm_up["warm_up"]()
    with harness["belljar.rehearsal"].rehearsal() as turn:
        warm_up["warm_up_harness"](turn, frame_of)

    version = sys.version.split()[0]
    modules = len(sys.modules) + len(harness["belljar.shelf"].shelf)
    report = {"python": version, "modules": modules, "failed": failed, "left_out": left_out}
    report = json.dumps(report).encode()
    del warm_up, turn, left_out
    announce_generators(harness["belljar.reseed"].describe_generators)
    for _ in range(3):
        gc.collect()
    make_immortal()
    # Also empties the lists of objects that the interpreter keeps for its next use.
    gc.collect()
    harness["belljar.entry"]._filling = filling, close_gaps()
    gc.freeze()
    request(b"R", report)


prepare()
