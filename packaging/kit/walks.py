"""The ways in which a person gets wraptap, one function each, walked from an empty folder."""
import hashlib
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import tomllib

from . import compile, project, proof, tools

TARGET = compile.of_this_machine()
HOME = f"wraptap-{project.VERSION}-{TARGET}"
PROGRAM = "wraptap.exe" if os.name == "nt" else "wraptap"
# musl is linked statically, so that no library of the system matters
IS_STATIC = TARGET.endswith("-musl")


def found(thorough):
    """The tests of what lies in the folder of packages, with the package of each."""
    for pattern, tests in PACKAGES.items():
        for package in sorted(project.PACKAGES.glob(pattern)):
            yield from ((test, package) for test in tests)
            if thorough:
                yield from ((test, package) for test in THOROUGH.get(pattern, []))


def digest(package, _):
    """its SHA-256 is the one beside it."""
    beside = pathlib.Path(f"{package}.sha256").read_text().split()
    assert beside == [hashlib.sha256(package.read_bytes()).hexdigest(), package.name], beside
    return f"({package.stat().st_size / 1e6:.2f} MB)"


def unpacked(package, folder):
    shutil.unpack_archive(package, folder, **({} if package.suffix == ".zip" else {"filter": "data"}))
    return pathlib.Path(folder, HOME)


def archive(package, api):
    """unpacked, it runs."""
    with tempfile.TemporaryDirectory() as folder:
        proof.works([unpacked(package, folder) / PROGRAM], api)


def archive_content(package, _):
    """man pages of all commands, completions, licences; a program of at most 20 MiB that needs no library."""
    with tempfile.TemporaryDirectory() as folder:
        root = unpacked(package, folder)
        program = (root / PROGRAM).read_bytes()
        assert len(program) <= 20 << 20, len(program)
        assert not IS_STATIC or not needs_a_loader(program), "the program is linked dynamically"
        text = proof.expect(proof.call([root / PROGRAM, "completions", "bash"]), "completions")
        assert (root / "completions" / "wraptap.bash").read_text() == text
        usage = proof.expect(proof.call([root / PROGRAM, "--help"]), "--help")
        listed = usage.split("Commands:\n")[1].split("\n\n")[0].splitlines()
        commands = [line.split()[0] for line in listed if line.startswith("  ") and line[2] != " "]
        absent = [name for name in commands if name != "help" and not (root / "man" / f"wraptap-{name}.1").exists()]
        assert len(commands) > 15 and not absent, f"no man page of {absent} of {commands}"
        if shutil.which("man"):
            page = proof.expect(proof.call(["man", "--warnings", "-l", root / "man" / "wraptap-record.1"]), "man")
            assert "--upstream" in page, page
        licences = (root / "THIRD-PARTY-LICENSES.txt").read_text()
        assert "rustls " in licences and "mimalloc" in licences
        return f"(program {len(program) / 1e6:.2f} MB)"


def action(package, _):
    """the action installs it from a release, refuses one whose digest is another, and needs a release."""
    if TARGET != compile.LINUX:
        return "(left out: needs Linux x64)"
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "release").mkdir()
        for file in (package, pathlib.Path(f"{package}.sha256")):
            shutil.copy(file, root / "release")
        # stands in for the forge's own client
        (root / "gh").write_text(f"#!/bin/sh\ncp '{root}/release/'* .\n")
        (root / "gh").chmod(0o755)

        def install(**own):
            usual = {"PATH": f"{folder}:/usr/bin:/bin", "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64",
                     "RUNNER_TEMP": folder, "GITHUB_PATH": f"{folder}/path", "REPOSITORY": "any/wraptap",
                     "REF": f"v{project.VERSION}", "VERSION": ""}
            variables = proof.environment(**{**usual, **own})
            return proof.call([project.ROOT / "packaging" / "action" / "install"], env=variables)

        proof.expect(install(), "the action's installation")
        added = pathlib.Path((root / "path").read_text().strip())
        proof.expect(proof.call([added / "wraptap", "--version"]), "what the action installed")
        proof.expect(install(REF="main"), "an action that is not at a release", 2)
        proof.expect(install(RUNNER_ARCH="MIPS"), "an action on another processor", 2)
        with open(root / "release" / package.name, "ab") as archive:
            archive.write(b"more")
        assert install().returncode != 0, "an archive with another digest was installed"


def needs_a_loader(program):
    """Whether an ELF file has a PT_INTERP segment."""
    start, = struct.unpack_from("<Q", program, 32)
    size, count = struct.unpack_from("<HH", program, 54)
    return any(struct.unpack_from("<I", program, start + size * i)[0] == 3 for i in range(count))


def empty_root(package, _):
    """it runs as an unknown user where there is nothing else, as in the image from scratch."""
    if not IS_STATIC or os.geteuid() != 0:
        return "(left out: needs Linux and root)"
    with tempfile.TemporaryDirectory() as folder:
        root = unpacked(package, folder)
        os.chmod(folder, 0o755)
        (root / "recordings").mkdir()
        os.chown(root / "recordings", 65532, 65532)
        words = ["chroot", "--userspec=65532:65532", root, "/wraptap"]
        proof.expect(proof.call([*words, "--version"]), "--version in an empty root")
        # no folder to write to: it says so and ends with 3
        proof.expect(proof.call([*words, "demo"]), "demo in a root without write permission", 3)


def pip(package, api):
    """pip installs it into an empty environment."""
    with tempfile.TemporaryDirectory() as folder:
        proof.expect(proof.call([sys.executable, "-m", "venv", folder]), "venv")
        begun = time.monotonic()
        words = [f"{folder}/{project.PROGRAMS}/pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir",
                 "--index-url", f"{api}/simple/", "wraptap"]
        proof.expect(proof.call(words), "pip install")
        taken = time.monotonic() - begun
        proof.works([f"{folder}/{project.PROGRAMS}/wraptap"], api)
        return f"(install {taken:.1f} s)"


def uvx(package, api):
    """`uvx wraptap demo` from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        own = proof.environment(UV_CACHE_DIR=f"{folder}/cache", UV_PYTHON=sys.executable, UV_PYTHON_DOWNLOADS="never")
        words = [tools.installed() / "uvx", "--no-config", "--quiet", "--default-index", f"{api}/simple/", "wraptap"]
        begun = time.monotonic()
        proof.expect(proof.call([*words, "demo"], cwd=folder, env=own), "uvx wraptap demo")
        taken = time.monotonic() - begun
        version = proof.expect(proof.call([*words, "--version"], cwd=folder, env=own), "uvx wraptap --version")
        assert version.split()[1] == project.VERSION, version
        return f"(first demo {taken:.1f} s)"


def npm_environment(folder, api):
    return proof.environment(npm_config_registry=api, npm_config_cache=f"{folder}/cache", npm_config_audit="false",
                             npm_config_fund="false", npm_config_update_notifier="false",
                             npm_config_userconfig=f"{folder}/npmrc")


def npm_install(package, api):
    """npm installs it into an empty prefix."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        words = ["npm", "install", "--global", "--prefix", f"{folder}/prefix", "wraptap"]
        proof.expect(proof.call(words, env=npm_environment(folder, api)), "npm install")
        taken = time.monotonic() - begun
        proof.works([f"{folder}/prefix/bin/wraptap"], api)
        return f"(install {taken:.1f} s)"


def npx(package, api):
    """`npx wraptap demo` from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        own = npm_environment(folder, api)
        proof.expect(proof.call(["npx", "--yes", "wraptap", "demo"], cwd=folder, env=own), "npx wraptap demo")
        return f"(first demo {time.monotonic() - begun:.1f} s)"


def npm_repair(package, api):
    """without its platform's package it prints a command that repairs it, and another platform is named."""
    with tempfile.TemporaryDirectory() as folder:
        own = npm_environment(folder, api)
        for where in (["--global", "--prefix", f"{folder}/prefix"], ["--prefix", f"{folder}/local"]):
            proof.expect(proof.call(["npm", "install", *where, "wraptap"], env=own), "npm install")
            is_global = "--global" in where
            modules = f"{folder}/prefix/lib/node_modules" if is_global else f"{folder}/local/node_modules"
            program = f"{folder}/prefix/bin/wraptap" if is_global else f"{modules}/.bin/wraptap"
            # beside the main package or below it, as npm likes
            for place in (f"{modules}/@wraptap", f"{modules}/wraptap/node_modules"):
                shutil.rmtree(place, ignore_errors=True)
            broken = proof.call([program, "--version"])
            assert broken.returncode == 3, broken
            command = broken.stderr.split("hint: ")[1].strip()
            proof.expect(proof.call(["sh", "-c", command], env=own, cwd=folder), command)
            proof.expect(proof.call([program, "--version"]), f"after `{command}`")
        shim = f"{folder}/local/node_modules/wraptap/bin/wraptap.js"
        fake = f"Object.defineProperty(process, 'arch', {{ value: 'mips' }}); require({json.dumps(shim)})"
        other = proof.call(["node", "-e", fake])
        assert other.returncode == 3 and "no package for linux-mips" in other.stderr, other


def npm_ends(package, api):
    """the status of the program is the status of the shim, and SIGTERM reaches the program."""
    with tempfile.TemporaryDirectory() as folder:
        own = npm_environment(folder, api)
        proof.expect(proof.call(["npm", "install", "--prefix", folder, "wraptap"], env=own), "npm install")
        program = f"{folder}/node_modules/.bin/wraptap"
        proof.expect(proof.call([program, "no-such-command"]), "an unknown command", 2)
        server = subprocess.Popen([program, "simulate", "--listen", "0"], cwd=folder, text=True, stderr=subprocess.PIPE,
                                  stdout=subprocess.DEVNULL, env=proof.environment())
        for line in server.stderr:
            if "listening on" in line:
                break
        server.terminate()
        server.stderr.read()
        assert server.wait(timeout=30) == 0, server.returncode


def sdist(package, api):
    """pip builds it from source."""
    with tempfile.TemporaryDirectory() as folder:
        proof.expect(proof.call([sys.executable, "-m", "venv", folder]), "venv")
        path = os.pathsep.join([f"{folder}/{project.PROGRAMS}", str(tools.installed()), os.environ["PATH"]])
        # the quick profile: `dist` is proved by the archive
        own = proof.environment(PATH=path, MATURIN_PEP517_ARGS="--profile release", CARGO_TARGET_DIR=f"{folder}/target")
        site = project.run([tools.installed() / "python", "-c", "import maturin; print(maturin.__path__[0])"]).strip()
        own["PYTHONPATH"] = str(pathlib.Path(site).parent)
        words = [f"{folder}/{project.PROGRAMS}/pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-index",
                 "--no-build-isolation", package]
        done = subprocess.run([str(word) for word in words], env=own, capture_output=True, text=True)
        proof.expect(done, "pip install of the sdist")
        proof.works([f"{folder}/{project.PROGRAMS}/wraptap"], api)


def same_again(package, _):
    """a second build in another folder is equal, byte for byte."""
    with tempfile.TemporaryDirectory() as folder:
        project.run(["git", "clone", "--quiet", project.ROOT, f"{folder}/wraptap"])
        own = proof.environment(CARGO_TARGET_DIR=f"{folder}/target", SOURCE_DATE_EPOCH=str(project.epoch()))
        done = subprocess.run([f"{folder}/wraptap/packaging/build", "archive"], env=own, capture_output=True, text=True)
        proof.expect(done, "the second build")
        again = pathlib.Path(folder, "target", "packages", package.name).read_bytes()
        assert again == package.read_bytes(), "the second build differs"


def bill_of_materials(package, _):
    """each component is in Cargo.lock with the same digest, and each reference leads to one."""
    document = json.loads(package.read_text())
    locked = tomllib.loads((project.ROOT / "Cargo.lock").read_text())["package"]
    digests = {(entry["name"], entry["version"]): entry.get("checksum") for entry in locked}
    references = {component["bom-ref"] for component in document["components"]}
    references.add(document["metadata"]["component"]["bom-ref"])
    for component in document["components"]:
        assert component["hashes"][0]["content"] == digests[component["name"], component["version"]], component
        assert component["licenses"][0]["expression"], component
    for entry in document["dependencies"]:
        assert {entry["ref"], *entry["dependsOn"]} <= references, entry
    names = {component["name"] for component in document["components"]}
    assert {"hyper", "rustls", "tokio"} <= names and "proptest" not in names
    return f"({len(names)} crates)"


def manifest(package, _):
    """it is filled, names this version, and its digests are those of the archives."""
    text = package.read_text()
    assert "@if" not in text and "@end" not in text and project.VERSION in text, text
    if package.name.endswith(".json"):
        json.loads(text)
    if package.name.endswith(".rb") and shutil.which("ruby"):
        proof.expect(proof.call(["ruby", "-c", package]), "ruby -c")
    for other in project.PACKAGES.glob("wraptap-*.sha256"):
        sha, name = other.read_text().split()
        if name in text:
            assert sha in text, name


def image(package, _):
    """the Dockerfile starts the static program as an unprivileged user, and stops it as Ctrl-C does."""
    text = (package / "Dockerfile").read_text()
    for line in ("FROM scratch", "USER 65532:65532", "STOPSIGNAL SIGINT", 'ENTRYPOINT ["/usr/local/bin/wraptap"]'):
        assert line in text.splitlines(), line
    assert not needs_a_loader((package / "wraptap").read_bytes())


ARCHIVE = f"{HOME}.zip" if os.name == "nt" else f"{HOME}.tar.gz"
PACKAGES = {
    ARCHIVE: [digest, archive, archive_content, empty_root, action],
    "wraptap-*.cdx.json": [digest, bill_of_materials],
    "wraptap-*.whl": [digest, pip, uvx],
    "wraptap-*-*-*.tgz": [digest],
    f"wraptap-{project.VERSION}.tgz": [digest, npm_install, npx, npm_repair, npm_ends],
    f"wraptap-{project.VERSION}-{compile.WINDOWS}.zip": [digest],
    f"wraptap-{project.VERSION}.tar.gz": [digest],
    "wraptap.rb": [manifest],
    "wraptap.scoop.json": [manifest],
    "Wraptap.*.yaml": [manifest],
    "docker": [image],
}
THOROUGH = {
    f"wraptap-{project.VERSION}.tar.gz": [sdist],
    ARCHIVE: [same_again],
}
