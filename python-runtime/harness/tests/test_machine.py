"""What scripts are told about the machine."""

import os
import sys

from support import function, program


def test_the_null_device_is_always_there() -> None:
    script = """
import contextlib, io, os, pathlib
def main():
    with open(os.devnull, "w") as null, contextlib.redirect_stdout(null):
        print("nothing")
    with open(os.devnull) as null:
        read = [null.read(), null.readline(), list(null), null.name]
    with open(os.devnull, "rb") as null, open(os.devnull, "ab") as end, open(os.devnull, "r+b", 0) as raw:
        counts = [len(null.read(10)), end.write(b"abc"), raw.write(b"ab"), raw.read(1) == b""]
    pathlib.Path(os.devnull).write_text("x")
    return [read, counts, pathlib.Path(os.devnull).read_bytes() == b"", io.open is open]
"""
    assert function(script).value == [["", "", [], "/dev/null"], [0, 3, 2, True], True, True]
    assert "invalid mode" in function("def main(): open('/dev/null', 'rw')").fault["message"]
    read_only = function("def main(): open('/dev/null').write('x')").fault["message"]
    assert "UnsupportedOperation: not writable" in read_only, read_only


def test_files_that_are_not_there_are_not_there() -> None:
    for call in ("open('no such file')", "os.listdir('no such folder')", "os.scandir('/none')"):
        fault = function(f"import os\ndef main(): {call}").fault
        assert fault["message"].startswith("FileNotFoundError"), fault


def test_processor_time_counts_from_the_start() -> None:
    script = "import os, time\ndef main():\n    a = time.process_time()\n    sum(range(10**5))\n    return [0 <= a < 90000, time.process_time() >= a, time.thread_time() < 90000, os.times().user < 90000, time.process_time_ns() > 0]"
    assert function(script).value == [True] * 5


def test_the_platform_answers() -> None:
    script = "import platform, sys\ndef main():\n    return [sys.executable, [type(getattr(platform, name)()).__name__ for name in ('platform', 'machine', 'node', 'processor', 'system', 'architecture', 'libc_ver', 'uname')]]"
    assert function(script).value == ["", ["str"] * 5 + ["tuple"] * 2 + ["uname_result"]]


ZONE = """
import datetime, logging, pickle, time
from datetime import datetime as moment
def main():
    local = moment.fromtimestamp(0)
    return [
        time.strftime("%H:%M %Z", time.localtime(0)), time.localtime(0).tm_gmtoff, time.mktime(time.localtime(12345)),
        time.ctime(0), time.tzname[0], time.timezone, str(local), local.timestamp(),
        str(moment(1970, 1, 1, tzinfo=datetime.timezone.utc).astimezone()), repr(local),
        str(datetime.date.fromtimestamp(-1)), isinstance(local, datetime.date), pickle.loads(pickle.dumps(local)) == local,
        logging.Formatter(datefmt="%H").formatTime(logging.makeLogRecord({"created": 0}), "%H"),
        abs(moment.now().timestamp() - time.time()) < 5, str(moment(2024, 7, 1) - moment(2024, 6, 30)),
        type(moment.now() + datetime.timedelta(1)) is moment, str(moment.strptime("2024", "%Y")),
    ]
"""


def test_the_time_zone_of_the_request() -> None:
    shanghai = function(ZONE, options={"env": {"TZ": "Asia/Shanghai"}}).value
    assert shanghai == [
        *("08:00 CST", 28800, 12345.0, "Thu Jan  1 08:00:00 1970", "CST", -28800),
        *("1970-01-01 08:00:00", 0.0, "1970-01-01 08:00:00+08:00"),
        *("datetime.datetime(1970, 1, 1, 8, 0)", "1970-01-01", True, True, "08", True),
        *("1 day, 0:00:00", True, "2024-01-01 00:00:00"),
    ]
    for name, hour in (
        ("EST5EDT", "19"),
        ("CST-8", "08"),
        (":Europe/Berlin", "01"),
        ("nowhere", "00"),
    ):
        script = "import time\ndef main(): return time.strftime('%H', time.localtime(0))"
        assert function(script, options={"env": {"TZ": name}}).value == hour, name


def test_summer_time_is_known() -> None:
    script = "import time\ndef main():\n    summer = time.localtime(1720000000)\n    return [summer.tm_isdst, summer.tm_hour, time.mktime(summer), time.daylight, time.altzone, time.tzname]"
    berlin = function(script, options={"env": {"TZ": "Europe/Berlin"}}).value
    assert berlin == [1, 11, 1720000000.0, 1, -7200, ["CET", "CEST"]]


def test_tzset() -> None:
    script = "import os, time\nfor zone in ('Asia/Tokyo', 'UTC'):\n    os.environ['TZ'] = zone\n    time.tzset()\n    print(time.strftime('%H', time.localtime(0)), time.tzname[0])"
    assert program(script).stdout == "09 JST\n00 UTC\n"


def test_inside_the_sandbox() -> None:
    if sys.platform != "wasi":
        return
    from belljar import machine

    assert (machine._listdir("."), list(machine._scandir("/"))) == ([], [])
    assert not os.isatty(0)
    script = "import glob, os, pathlib\ndef main(): return [os.listdir(), glob.glob('*'), list(os.walk('.')), list(pathlib.Path().iterdir())]"
    assert function(script).value == [[], [], [[".", [], []]], []]


def test_locales_that_there_are_not_are_refused() -> None:
    if sys.platform != "wasi":
        return
    script = """
import locale
def main():
    refused = 0
    for name in ("de_DE.UTF-8", "nonsense", ("en_US", "UTF-8"), "C;de_DE"):
        try: locale.setlocale(locale.LC_ALL, name)
        except locale.Error: refused += 1
    saved = locale.setlocale(locale.LC_ALL)
    for name in ("C", "C.UTF-8", "POSIX", "", saved, None): locale.setlocale(locale.LC_ALL, name)
    return refused
"""
    assert function(script).value == 4
