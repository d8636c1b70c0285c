"""A package registry on loopback that serves what lies in target/packages, to pip, uv and npm alike."""
import base64
import contextlib
import hashlib
import http.server
import json
import tarfile
import threading
import urllib.parse

from . import project


def npm_packages(address):
    """The documents that npm asks for, by package name."""
    documents = {}
    for path in project.PACKAGES.glob("*.tgz"):
        with tarfile.open(path) as tarball:
            manifest = json.load(tarball.extractfile("package/package.json"))
        digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
        manifest["dist"] = {"tarball": f"{address}/files/{path.name}", "integrity": f"sha512-{digest}"}
        version = manifest["version"]
        documents[manifest["name"]] = {"name": manifest["name"], "dist-tags": {"latest": version},
                                       "versions": {version: manifest}}
    return documents


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, data, kind, status=200):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        npm = npm_packages(f"http://127.0.0.1:{self.server.server_port}")
        if path.startswith("/files/"):
            file = project.PACKAGES / path.rsplit("/", 1)[1]
            if file.is_file():
                return self.answer(file.read_bytes(), "application/octet-stream")
        elif path == "/simple/wraptap/":
            links = "".join(f'<a href="/files/{file.name}">{file.name}</a>\n'
                            for file in sorted(project.PACKAGES.glob("wraptap-*.whl")))
            return self.answer(links.encode(), "text/html")
        elif path[1:] in npm:
            return self.answer(json.dumps(npm[path[1:]]).encode(), "application/json")
        return self.answer(b"{}", "application/json", 404)

    do_HEAD = do_GET

    def do_POST(self):
        """For npm's requests beside the packages (audit), and the API of the test with `record`."""
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        self.answer(b'{"accepted":true}', "application/json")


@contextlib.contextmanager
def running():
    """Gives the registry's address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
