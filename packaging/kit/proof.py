"""What an installed program is put to: its version, the demo, and a request that it records."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from . import project

POST = """
import os, urllib.request
request = urllib.request.Request(os.environ["WRAPTAP_URL"] + "/api/v2/things", b'{"code":"vip"}',
                                 {"Content-Type": "application/json"})
urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).read()
"""


def environment(**own):
    """This process's variables, without those that lead a client to settings or packages of this machine."""
    kept = {name: value for name, value in os.environ.items()
            if not name.upper().startswith(("PIP_", "UV_", "NPM_CONFIG_", "WRAPTAP_", "PYTHON"))}
    return {**kept, "NO_COLOR": "1", **own}


def call(words, **options):
    options.setdefault("env", environment())
    return subprocess.run([str(word) for word in words], text=True, capture_output=True, stdin=subprocess.DEVNULL,
                          timeout=300, **options)


def expect(done, what, status=0):
    if done.returncode != status:
        said = done.stdout[-2000:] + done.stderr[-2000:]
        raise AssertionError(f"{what}: status {done.returncode} instead of {status}\n{said}")
    return done.stdout


def works(program, api):
    """Runs the program, given as a list of words, in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        version = expect(call([*program, "--version"], cwd=folder), "--version")
        assert version.split() == ["wraptap", project.VERSION], version
        expect(call([*program, "demo"], cwd=folder), "demo")
        tickets = list(pathlib.Path(folder, "wraptap-demo").glob("*.md"))
        assert tickets, "demo left no ticket"
        record = [*program, "record", "--upstream", api, "--listen", "0", "-w", "one.ndjson"]
        expect(call([*record, "--", sys.executable, "-c", POST], cwd=folder), "record")
        line, = expect(call([*program, "list", "one.ndjson", "--format", "json"], cwd=folder), "list").splitlines()
        entry = json.loads(line)
        assert entry["status"] == 200 and entry["id"] == 1, line
