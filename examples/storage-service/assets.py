"""The profile `assets`: the bytes, over HTTP."""

import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from store import now_ms
from values import is_digest

BYTES_MAX = 32 * 1024 * 1024
HOUR_MS = 3_600_000
PATH = "/api/v2/assets/"


def install(service):
    server = Server(("127.0.0.1", service.arguments.port), Handler)
    server.store = service.store
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    service.parts.append(Assets(server))


class Server(ThreadingHTTPServer):
    # Connections that are kept open do not keep the process.
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass  # a client that broke off


class Assets:
    def __init__(self, server):
        self.server = server
        self.thread = threading.Thread(target=server.serve_forever)

    def start(self):
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Problem(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A client that says nothing does not keep its thread for ever.
    timeout = 60

    def answer_request(self):
        """Every method comes here; what has a body is read whole before it is judged."""
        try:
            body = self.read_body()
            name = self.path.removeprefix(PATH) if self.path.startswith(PATH) else None
            methods = {"GET": self.health} if self.path == "/health" else {}
            if name is not None:
                methods = {"PUT": self.put, "GET": self.get, "DELETE": self.delete}
            if not methods:
                raise Problem(404, "NOT_FOUND", "there is nothing here")
            method = methods.get("GET" if self.command == "HEAD" else self.command)
            if method is None:
                raise Problem(405, "METHOD_NOT_ALLOWED", "this path has other methods")
            method(name, body)
        except Problem as problem:
            allow = {"Allow": ", ".join(methods)} if problem.status == 405 else {}
            self.reply_json(
                problem.status, {"error": {"code": problem.code, "message": str(problem), "details": {}}}, **allow)

    do_GET = do_HEAD = do_PUT = do_DELETE = do_POST = do_PATCH = do_OPTIONS = answer_request

    def put(self, name, body):
        if not is_digest(name) or (body and hashlib.sha256(body).hexdigest() != name):
            raise Problem(400, "DIGEST_MISMATCH", "the name is not the SHA-256 of the bytes")
        if not body:
            raise Problem(400, "EMPTY_FILE", "there are no bytes")
        now, content_type = now_ms(), self.headers.get("Content-Type", "application/octet-stream")
        with self.server.store.transaction() as database:
            database.execute(
                "DELETE FROM assets WHERE kept_since < ? AND sha256 NOT IN"
                " (SELECT sha256 FROM versions WHERE sha256 IS NOT NULL)", [now - HOUR_MS])
            # One that is there keeps its type; its hour begins anew.
            is_there = database.execute("UPDATE assets SET kept_since = ? WHERE sha256 = ?", [now, name]).rowcount
            if not is_there:
                database.execute("INSERT INTO assets VALUES (?, ?, ?, ?)", [name, content_type, body, now])
        self.reply_json(200 if is_there else 201, {"url": PATH + name, "sha256": name, "size": len(body)})

    def get(self, name, _body):
        with self.server.store.lock:
            asset = self.server.store.database.execute("SELECT * FROM assets WHERE sha256 = ?", [name]).fetchone()
        if asset is None:
            raise Problem(404, "ASSET_NOT_FOUND", "there is no such asset")
        tag, size = f'"{name}"', len(asset["bytes"])
        headers = {"ETag": tag, "Accept-Ranges": "bytes", "Content-Type": asset["content_type"]}
        tags = [one.strip().removeprefix("W/") for one in self.headers.get("If-None-Match", "").split(",")]
        if tag in tags or "*" in tags:
            return self.reply(304, None, ETag=tag)
        part = self.asked_range(size) if self.headers.get("If-Range", tag) == tag else None
        if part is None:
            return self.reply(200, asset["bytes"], **headers)
        first, last = part
        if not first <= last:
            return self.reply_json(
                416, {"error": {"code": "RANGE_NOT_SATISFIABLE", "message": "the asset ends before", "details": {}}},
                **{"Content-Range": f"bytes */{size}"})
        self.reply(206, asset["bytes"][first:last + 1], **headers, **{"Content-Range": f"bytes {first}-{last}/{size}"})

    def asked_range(self, size):
        """First and last byte of the one range that is asked for; None: all of them."""
        match = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if self.command == "HEAD" or not match or match[0] == "bytes=-":
            return None
        if not match[1]:
            length = int(match[2])
            return (max(0, size - length), size - 1) if length else (size, size - 1)
        first, last = int(match[1]), int(match[2] or size - 1)
        if match[2] and last < first:
            return None
        return (first, min(last, size - 1))

    def delete(self, name, _body):
        with self.server.store.transaction() as database:
            if database.execute("SELECT 1 FROM assets WHERE sha256 = ?", [name]).fetchone() is None:
                raise Problem(404, "ASSET_NOT_FOUND", "there is no such asset")
            if database.execute("SELECT 1 FROM versions WHERE sha256 = ?", [name]).fetchone():
                raise Problem(409, "ASSET_IN_USE", "a version refers to this asset")
            database.execute("DELETE FROM assets WHERE sha256 = ?", [name])
        self.reply(204, None)

    def health(self, _name, _body):
        self.reply_json(200, {"status": "healthy"})

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self.read_chunks()
        length = int(self.headers.get("Content-Length", 0))
        if length > BYTES_MAX:
            # It is read all the same, so that the client gets to read the answer.
            while length > 0 and (piece := self.rfile.read(min(length, 65536))):
                length -= len(piece)
            raise Problem(413, "FILE_TOO_LARGE", f"an asset has at most {BYTES_MAX} bytes")
        return self.whole(self.rfile.read(length), length)

    def read_chunks(self):
        body = b""
        while length := int(self.rfile.readline(100).split(b";")[0], 16):
            if len(body) + length > BYTES_MAX:
                self.close_connection = True
                raise Problem(413, "FILE_TOO_LARGE", f"an asset has at most {BYTES_MAX} bytes")
            body += self.whole(self.rfile.read(length), length)
            self.rfile.readline(2)
        while self.rfile.readline(8192).strip():
            pass  # a trailer
        return body

    def whole(self, body, length):
        # A client that broke off gets no answer; nothing was kept.
        if len(body) < length:
            raise ConnectionError("the client broke off")
        return body

    def reply_json(self, status, value, **headers):
        self.reply(status, json.dumps(value).encode(), **{"Content-Type": "application/json"}, **headers)

    def reply(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if body is not None and self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        pass
