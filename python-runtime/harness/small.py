"""The small edition: runs once inside its CPython, which componentize-py then stores as it is.

Imports what scripts use of the standard library, installs the harness, and gives the interpreter
its one function, `turn`. There are no files at run time: what is not imported here can't be then.
"""

import asyncio
import gc
import importlib
import os
import random
import struct
import sys
from importlib.machinery import ModuleSpec

import componentize_py_async_support
import wit_world
from belljar_sources import SOURCES
from wit_world.imports import door as host

#: Modules of the standard library, beside what they import themselves.
STANDARD_LIBRARY = """
    _ast_unparse _pylong _strptime abc annotationlib argparse array ast asyncio base64 binascii
    bisect builtins calendar cmath cmd code codecs codeop collections collections.abc colorsys
    compression.gzip compression.zlib concurrent.futures configparser contextlib contextvars copy
    copyreg csv dataclasses datetime decimal difflib dis email email.message email.mime.text
    email.parser encodings.ascii encodings.base64_codec encodings.cp1250 encodings.cp1251
    encodings.cp1252 encodings.cp437 encodings.cp850 encodings.hex_codec encodings.idna
    encodings.iso8859_1 encodings.iso8859_15 encodings.iso8859_2 encodings.koi8_r encodings.latin_1
    encodings.mac_roman encodings.punycode encodings.raw_unicode_escape encodings.rot_13
    encodings.unicode_escape encodings.utf_16 encodings.utf_16_be encodings.utf_16_le
    encodings.utf_32 encodings.utf_32_be encodings.utf_32_le encodings.utf_7 encodings.utf_8_sig
    encodings.zlib_codec enum errno filecmp fnmatch fractions functools getopt getpass gettext glob
    graphlib gzip hashlib heapq hmac html html.parser http http.client http.cookies importlib.abc
    importlib.metadata importlib.resources importlib.util inspect io ipaddress itertools json
    json.tool keyword linecache locale logging logging.handlers marshal math mimetypes numbers
    opcode operator optparse os os.path pathlib pickle pkgutil platform plistlib pprint queue quopri
    random re reprlib runpy sched secrets select selectors shelve shlex shutil signal socket ssl stat
    statistics string string.templatelib stringprep struct subprocess symtable sysconfig tarfile
    tempfile textwrap threading time timeit token tokenize tomllib traceback tracemalloc types
    typing unicodedata unittest unittest.async_case unittest.mock urllib.parse urllib.request uuid
    warnings weakref xml.dom.minidom xml.etree.ElementTree zipfile zipimport zlib zoneinfo
""".split()

#: A frame for the host: end the run, with this status. WASI 0.2 tells success from failure alone.
EXIT = b"\x06"

#: The flag of a request that has a seed.
SEEDED = 1

#: Small scripts, run once so that what they use is imported and warm.
REHEARSED = (
    b"def main(): return {'a': [1, 2.5, None, True, 'x']}",
    b"import asyncio\nasync def main(x): await asyncio.sleep(0); return x",
    b"import csv, datetime, io, json, re\n"
    b"def main():\n"
    b"    rows = list(csv.DictReader(io.StringIO('a,b\\n1,2\\n')))\n"
    b"    day = datetime.datetime.strptime('2026-01-02', '%Y-%m-%d')\n"
    b"    return [rows, json.loads(json.dumps(rows)), re.sub('a+', 'b', 'caab'), day, {1, 2}]",
    b"def main(): 1 / 0",
    b"def main(): return object()",
    b"def main(): pass\nmain(",
    b"x = 1",
)


class Absent:
    """The last to be asked for a module: says why it is not there, instead of only that."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Raises for `import`; `importlib.util.find_spec` finds nothing, as anywhere."""
        asking = sys._getframe(2).f_code.co_name
        if asking != "_find_and_load_unlocked":
            return None
        known = name.partition(".")[0] in sys.stdlib_module_names
        why = "leaves this one out" if known else "has the standard library and no other packages"
        message = f"No module named {name!r}: Belljar's small edition {why}"
        raise ModuleNotFoundError(message, name=name)


def import_all(names: list[str]) -> list[str]:
    """Imports every module; returns what could not be imported, and why."""
    failed = []
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:
            failed.append(f"{name} ({type(error).__name__}: {error})")
    return failed


def load_harness() -> dict:
    """Loads the package `belljar`, with its door open; returns its modules."""
    namespace: dict = {"__name__": "belljar.loader"}
    loader = SOURCES["belljar.loader"]
    exec(compile(loader, "<belljar.loader>", "exec", dont_inherit=True), namespace)
    harness = namespace["load"](SOURCES)
    harness["belljar.door"].call = host.call
    harness["belljar.environment"].install()
    return harness


def rehearse(harness: dict) -> None:
    """Runs a few scripts of which nothing is left."""
    with harness["belljar.rehearsal"].rehearsal() as turn:
        for script in REHEARSED:
            header = struct.pack("<BBBBQIII", 1, 0, 2, 0, 0, len(script), 4, 0)
            turn(header + script + b"null")


def leave_with(status: int) -> None:
    """Stands for `os._exit`."""
    host.call(EXIT + (status & 0xFF).to_bytes(4, "little"))


def close_the_doors() -> None:
    """Takes away what was there for preparing only: files."""
    sys.path.clear()
    sys.path_importer_cache.clear()
    sys.path_hooks.clear()
    sys.meta_path.append(Absent)
    os._exit = leave_with
    sys.modules["posix"]._exit = leave_with


#: Packages of ours, and of what gives the interpreter its function.
OWN = ("belljar_sources", "componentize_py", "poll_loop", "small", "wit_world")


def own_modules() -> list[str]:
    """Names of modules that are no script's business. They are taken away when one comes: what
    prepares the interpreter still looks for some after this module has run.
    """
    return [name for name in sys.modules if name.startswith(OWN)]


TLS: dict = {"__name__": "belljar.tls"}
exec(compile(SOURCES.pop("belljar.tls"), "<belljar.tls>", "exec", dont_inherit=True), TLS)
TLS["install"]()
FAILED = import_all(STANDARD_LIBRARY)
if FAILED:
    raise ImportError(f"the standard library lacks {', '.join(FAILED)}")
HARNESS = load_harness()
rehearse(HARNESS)


class WitWorld(wit_world.WitWorld):
    """What the component exports."""

    def turn(self, request: bytes) -> int:
        """Runs the script in a request."""
        for name in OWN_MODULES:
            del sys.modules[name]
        # The runtime has set these for its own purposes.
        asyncio._set_running_loop(None)
        sys.argv = ["script.py"]
        # Every sandbox starts as the same memory, and so with the same random numbers to come.
        if not request[2] & SEEDED:
            random.seed(int.from_bytes(os.urandom(32)))
        return TURN(request)[0]


def clear_free_memory() -> None:
    """Writes zeros to the memory that has become free: it need not be stored."""
    zeros: list[object] = []
    end = id(bytes(1 << 20))
    for exponent in range(20, 9, -1):
        while id(block := bytes(1 << exponent)) < end:
            zeros.append(block)


TURN = HARNESS["belljar.entry"].turn
close_the_doors()
OWN_MODULES = own_modules()
del HARNESS, SOURCES
sys.modules["belljar_sources"].SOURCES = None
for _ in range(3):
    gc.collect()
clear_free_memory()
gc.freeze()
