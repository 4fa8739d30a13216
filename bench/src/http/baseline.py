"""The baseline: an HTTP server that starts a new `python3` for every script.

The least that runs each script in an interpreter of its own, without limits and without isolation
from the host. It takes and gives what `POST /execute` does, as far as the benchmark goes.
"""

import http.server
import json
import os
import subprocess
import sys
import threading

RUNNER = """
import json, sys
request = json.load(sys.stdin)
space = {"__name__": "script"}
exec(compile(request["script"], "script.py", "exec"), space)
json.dump({"result": space["main"]()}, sys.stdout)
"""

# More at once would only take memory from each other.
TURNS = threading.Semaphore(os.cpu_count() or 1)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One packet an answer, as soon as it is there.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with TURNS:
            run = subprocess.run([sys.executable, "-c", RUNNER], input=body, capture_output=True)
        self.send_response(200 if run.returncode == 0 else 400)
        answer = run.stdout or json.dumps({"error": run.stderr.decode()}).encode()
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", 0), Handler)
print(f"Python listens on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
