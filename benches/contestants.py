"""Who is measured: a fast upstream, nginx, haproxy, a plain hyper proxy, mitmdump, wraptap. Loopback only."""
import pathlib, subprocess, sys

from measure import free_port, wait_for

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "target" / "bench"
MITMPROXY = "mitmproxy==11.0.2"

NGINX_COMMON = """
daemon off; master_process off; worker_processes 1; pid {dir}/{name}.pid; error_log {dir}/{name}.log error;
events {{ worker_connections 2048; }}
http {{ access_log off; client_max_body_size 0; client_body_temp_path {dir}/{name}-body; proxy_temp_path {dir}/{name}-proxy;
fastcgi_temp_path {dir}/{name}-f; uwsgi_temp_path {dir}/{name}-u; scgi_temp_path {dir}/{name}-s;
sendfile on; tcp_nodelay on; keepalive_requests 100000000; keepalive_timeout 300s;
"""
UPSTREAM = NGINX_COMMON + """
server {{ listen 127.0.0.1:{port} backlog=2048;
 location / {{ default_type application/json; return 200 '{{"status":"accepted"}}'; }}
 location /big {{ alias {dir}/big; }} }} }}
"""
PROXY = NGINX_COMMON + """
upstream u {{ server 127.0.0.1:{upstream}; keepalive 512; keepalive_requests 100000000; }}
server {{ listen 127.0.0.1:{port} backlog=2048;
 location / {{ proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering off; proxy_buffering on;
 proxy_max_temp_file_size 0; }} }} }}
"""
HAPROXY = """
global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 10s
  timeout client 300s
  timeout server 300s
frontend f
  bind 127.0.0.1:{port}
  default_backend b
backend b
  http-reuse always
  server s 127.0.0.1:{upstream} maxconn 2048
"""


class Contestant:
    """One program under measurement, started on a free port and ended with the block."""

    def __init__(self, name, upstream=None):
        self.name, self.upstream, self.port, self.process = name, upstream, free_port(), None
        self.recording = BUILD / f"{name}.ndjson"

    def command(self):
        values = {"dir": BUILD, "name": self.name, "port": self.port, "upstream": self.upstream}
        config = BUILD / f"{self.name}.conf"
        release = ROOT / "target" / "dist"
        if self.name == "upstream" or self.name == "nginx":
            config.write_text((UPSTREAM if self.name == "upstream" else PROXY).format(**values))
            return ["nginx", "-p", str(BUILD), "-c", str(config)]
        if self.name == "haproxy":
            config.write_text(HAPROXY.format(**values))
            return ["haproxy", "-db", "-f", str(config)]
        if self.name == "hyper":
            binaries = [p for p in (release / "deps").glob("plain_proxy-*") if not p.suffix]
            newest = max(binaries, key=lambda path: path.stat().st_mtime)
            return [str(newest), f"127.0.0.1:{self.port}", f"127.0.0.1:{self.upstream}"]
        if self.name == "mitmdump":
            return [str(BUILD / "venv/bin/mitmdump"), "-q", "--mode", f"reverse:http://127.0.0.1:{self.upstream}",
                    "--listen-host", "127.0.0.1", "-p", str(self.port), "-w", str(BUILD / "mitmdump.flows"),
                    "--set", f"confdir={BUILD}/mitm"]
        if self.name == "mock":
            return [str(release / "wraptap"), "-q", "mock", str(self.upstream), "--listen", f"127.0.0.1:{self.port}"]
        self.recording.unlink(missing_ok=True)
        return [str(release / "wraptap"), "-q", "record", "--upstream", f"http://127.0.0.1:{self.upstream}",
                "--listen", f"127.0.0.1:{self.port}", "--recording", str(self.recording)]

    def __enter__(self):
        log = open(BUILD / f"{self.name}.out", "w")
        self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, cwd=BUILD)
        wait_for(self.port, self.process, self.name)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()

    @property
    def pid(self):
        return self.process.pid


def install():
    """Builds wraptap and the plain proxy, and installs what they are compared with; says what it installs."""
    BUILD.mkdir(parents=True, exist_ok=True)
    run = lambda *words: subprocess.run(words, check=True, stdout=sys.stderr)
    run("cargo", "build", "--profile", "dist", "--bin", "wraptap", "--bench", "plain_proxy", "--manifest-path", str(ROOT / "Cargo.toml"))
    from shutil import which
    missing = [name for name in ("nginx", "haproxy", "wrk", "jq") if not which(name)]
    if missing:
        print(f"installing Debian packages: {' '.join(missing)}", file=sys.stderr)
        run("apt-get", "install", "-y", "-qq", *missing)
    if not (BUILD / "venv/bin/mitmdump").exists():
        print(f"installing {MITMPROXY} from PyPI into target/bench/venv", file=sys.stderr)
        run(sys.executable, "-m", "venv", str(BUILD / "venv"))
        run(str(BUILD / "venv/bin/pip"), "install", "-q", MITMPROXY)
    big = BUILD / "big"
    if not big.exists():
        with open(big, "wb") as file:
            file.truncate(2**30)
