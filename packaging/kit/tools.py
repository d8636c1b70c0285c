"""The packaging tools (maturin, uv), by version and digest in a virtual environment of the build folder."""
import hashlib
import os
import subprocess
import sys

from . import project

FOLDER = project.CARGO_FOLDER / "tools" / "packaging"
REQUIREMENTS = project.ROOT / "packaging" / "requirements.txt"


def installed():
    """Installs the tools once and returns the folder of their programs."""
    stamp = FOLDER / "stamp"
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    programs = FOLDER / project.PROGRAMS
    if not stamp.exists() or stamp.read_text() != digest:
        project.say(f"installing maturin and uv into {FOLDER} (once)")
        project.empty(FOLDER)
        project.run([sys.executable, "-m", "venv", FOLDER], hint="install Python's venv module (python3-venv)")
        project.run([programs / "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
                     "--require-hashes", "--requirement", REQUIREMENTS])
        stamp.write_text(digest)
    return programs


def debian(packages, reason):
    """Installs Debian packages that are missing, as root on a Debian system; elsewhere says what to do."""
    missing = [name for name in packages if not has(name)]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    if os.name != "posix" or os.geteuid() != 0 or not os.path.exists("/usr/bin/apt-get"):
        raise project.Failure(f"{reason}\nhint: on Debian: {' '.join(command)}")
    project.say(f"installing Debian packages: {' '.join(missing)}")
    project.run(["apt-get", "update", "-qq"])
    project.run(command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def has(package):
    query = ["dpkg-query", "--show", "--showformat=${Status}", package]
    try:
        return "ok installed" in subprocess.run(query, capture_output=True, text=True).stdout
    except FileNotFoundError:
        return False
