#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""One message through the plugin to a home server's double: delivers.py TESTER PLUGIN"""
import http.server
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

TOKEN = "token-of-the-test"


class HomeServerDouble(http.server.BaseHTTPRequestHandler):
    """Knows Ada's room alone."""

    requests = []

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def handle_request(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.requests.append((self.command, self.path, self.rfile.read(length)))
        if self.headers["Authorization"] != "Bearer " + TOKEN:
            self.answer(401, {"errcode": "M_UNKNOWN_TOKEN"})
        elif self.path.endswith("".join("%%%02X" % c for c in b"#latchkey-ada:example.org")):
            self.answer(200, {"room_id": "!ada:example.org", "servers": []})
        elif self.command == "PUT" and "/send/m.room.message/" in self.path:
            self.answer(200, {"event_id": "$1"})
        else:
            self.answer(404, {"errcode": "M_NOT_FOUND"})

    do_GET = do_PUT = handle_request

    def log_message(self, *_):
        pass


def deliver(tester, plugin, address, token=TOKEN):
    """What the tester says of its last check, and what the server was asked."""
    HomeServerDouble.requests.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), HomeServerDouble)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, "token").write_text(token + "\n")
        config = Path(directory, "channel.toml")
        config.write_text(
            "[channel.matrix]\n"
            'secret_file = "token"\n'
            f'homeserver = "http://127.0.0.1:{server.server_port}"\n'
            f"port = {server.server_port}\n"
        )
        ended = subprocess.run(
            [tester, plugin, "--config", config, "--live", address, "--json"],
            stdout=subprocess.PIPE,
            check=False,
        )
    server.shutdown()
    return json.loads(ended.stdout)["checks"][-1], list(HomeServerDouble.requests)


def main(tester, plugin):
    check, asked = deliver(tester, plugin, "ada@example.org")
    assert check["result"] == "passed", check
    assert [method for method, _, _ in asked] == ["GET", "PUT"], asked
    message = json.loads(asked[1][2])
    assert message["msgtype"] == "m.text" and "4821 0673" in message["body"], message

    check, asked = deliver(tester, plugin, "bob@example.org")
    assert check["seen"] == "Permanent: room: status 404", check

    check, asked = deliver(tester, plugin, "ada@example.org", token="another")
    assert check["seen"] == "Misconfigured: room: status 401", check
    assert "another" not in json.dumps(check), check


if __name__ == "__main__":
    main(*sys.argv[1:])
