"""What the sandbox has not: it says so, in the errors that programs expect."""

import importlib.util
import sys
from typing import Any

from belljar import tls
from support import function, program

#: Before 3.12 `ssl` asks OpenSSL for more than the sandbox's does.
KNOWS_ITS_SSL = sys.version_info >= (3, 12)


def failure(statement: str, imports: str = "import os") -> str:
    """The message of what a statement raises, which has to be an OSError."""
    script = f"""
{imports}
def main():
    try:
        {statement}
    except OSError as error:
        return f"{{type(error).__name__}}: {{error}}"
    return "no error"
"""
    text: str = function(script).value
    return text


def test_there_is_no_network() -> None:
    for statement in (
        "urllib.request.urlopen('http://example.com')",
        "urllib.request.urlopen('https://example.com')",
        "urllib.request.urlretrieve('https://example.com', 'x')",
        "http.client.HTTPConnection('example.com').request('GET', '/')",
        "http.client.HTTPSConnection('example.com').request('GET', '/')",
        "socket.create_connection(('127.0.0.1', 80), 1)",
        "socket.getaddrinfo('example.com', 80)",
        "socket.gethostbyname('example.com')",
        "socket.socket()",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM, 0)",
        "socket.create_server(('', 80))",
        "socketserver.TCPServer(('', 80), None)",
        "asyncio.run(asyncio.open_connection('example.com', 80))",
        "smtplib.SMTP('example.com')",
        "ftplib.FTP('example.com')",
    ):
        imports = (
            "import asyncio, ftplib, http.client, smtplib, socket, socketserver, urllib.request"
        )
        assert "there is no network in the sandbox" in failure(statement, imports), statement
    name_errors = "import socket\ndef main():\n    try: socket.getaddrinfo('a', 1)\n    except socket.gaierror as e: return e.errno == socket.EAI_AGAIN"
    assert function(name_errors).value is True
    url = "import urllib.request, urllib.error\ndef main():\n    try: urllib.request.urlopen('https://a')\n    except urllib.error.URLError as e: return str(e.reason)"
    assert function(url).value.endswith("there is no network in the sandbox")


def test_an_uncaught_failure_of_the_network_says_so() -> None:
    outcome = program("import urllib.request\nurllib.request.urlopen('https://example.com')")
    assert outcome.exit_code == 1
    assert "there is no network in the sandbox" in outcome.stderr.splitlines()[-1]


def test_there_are_no_processes() -> None:
    for statement in (
        "os.system('ls')",
        "os.popen('ls').read()",
        "os.fork()",
        "os.execv('/bin/sh', ['sh'])",
        "os.spawnlp(0, 'ls', 'ls')",
        "os.kill(os.getpid(), 9)",
        "subprocess.run(['ls'])",
        "subprocess.run('ls', shell=True, capture_output=True, text=True, check=True)",
        "subprocess.check_output(['ls'], stdin=subprocess.DEVNULL)",
        "subprocess.Popen('ls', stdout=subprocess.PIPE)",
        "subprocess.getoutput('ls')",
        "asyncio.run(asyncio.create_subprocess_shell('ls'))",
    ):
        message = failure(statement, "import asyncio, os, subprocess")
        assert "there are no other processes in the sandbox" in message, (statement, message)


def test_the_interpreter_has_no_file() -> None:
    assert function("import sys\ndef main(): return sys.executable").value == ""


def ssl_without_openssl() -> Any:
    """The module `ssl` of the standard library, on top of ours."""
    originals = {name: sys.modules.get(name) for name in ("_ssl", "ssl")}
    spec = importlib.util.find_spec("ssl")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules.update(_ssl=tls._ssl, ssl=module)
    try:
        spec.loader.exec_module(module)
    finally:
        for name, original in originals.items():
            sys.modules.pop(name)
            if original is not None:
                sys.modules[name] = original
    return module


def test_ssl_has_its_constants_and_contexts() -> None:
    if not KNOWS_ITS_SSL:
        return
    ssl = ssl_without_openssl()
    context = ssl.create_default_context()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION
    context.set_ciphers("DEFAULT")
    context.set_alpn_protocols(["http/1.1"])
    context.load_verify_locations("ca.pem")
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert ssl.OP_NO_COMPRESSION in context.options
    assert ssl._create_unverified_context().verify_mode is ssl.CERT_NONE
    assert issubclass(ssl.SSLCertVerificationError, (ssl.SSLError, ValueError))
    assert ssl.HAS_SNI is True and ssl.Purpose.CLIENT_AUTH.shortname == "clientAuth"


def test_ssl_says_that_there_is_no_tls() -> None:
    if not KNOWS_ITS_SSL:
        return
    ssl = ssl_without_openssl()
    try:
        context = ssl.create_default_context()
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="a")
    except ssl.SSLError as error:
        assert "no TLS" in str(error)
    else:
        raise AssertionError("a connection was made")


def test_a_module_may_be_changed_when_a_script_imports_it() -> None:
    from belljar import late

    finder = late._Finder({"this": lambda module: setattr(module, "s", "changed")})
    sys.modules.pop("this", None)
    sys.meta_path.insert(0, finder)
    try:
        outcome = program("import this\nprint(this.s, this.__spec__.name)")
    finally:
        sys.meta_path.remove(finder)
        sys.modules.pop("this", None)
    assert outcome.stdout.endswith("changed this\n")


def test_data_sets_that_are_fetched_say_so() -> None:
    for statement, library in (
        ("seaborn.load_dataset('iris')", "seaborn"),
        ("sklearn.datasets.fetch_california_housing()", "sklearn.datasets"),
        ("sklearn.datasets.fetch_openml('mnist_784')", "sklearn.datasets"),
        ("pandas.read_csv('https://example.com/iris.csv')", "pandas"),
    ):
        # To import one of these takes the sandbox a second, unless it is in the image.
        if library in sys.modules:
            message = failure(statement, f"import {library}")
            assert "there is no network in the sandbox" in message, (statement, message)


def test_progress_bars_and_parallel_jobs_do_without_threads_of_their_own() -> None:
    if importlib.util.find_spec("tqdm") is not None:
        outcome = program("from tqdm import tqdm\nfor i in tqdm(range(3)): pass\nprint('done')")
        assert (outcome.exit_code, outcome.stdout) == (0, "done\n")
        assert "Warning" not in outcome.stderr
    if "joblib" in sys.modules:
        script = "from joblib import Parallel, delayed\nprint(Parallel(n_jobs=2)(delayed(abs)(i) for i in (-1, -2)))"
        assert program(script).stdout == "[1, 2]\n"
