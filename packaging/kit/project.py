"""The crate: its folders, its version, and the time that its packages carry."""
import os
import pathlib
import shutil
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
# where a virtual environment has its programs
PROGRAMS = "Scripts" if os.name == "nt" else "bin"
CARGO_FOLDER = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
PACKAGES = CARGO_FOLDER / "packages"
TEMPLATES = ROOT / "packaging" / "templates"
MANIFEST = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]
VERSION = MANIFEST["version"]
DESCRIPTION = MANIFEST["description"]
LICENSE = MANIFEST["license"]


class Failure(Exception):
    """What went wrong, and what to do about it; the two programs print it and end with 3."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(words, hint="", **options):
    """Runs a program and returns what it printed on stdout."""
    words = [str(word) for word in words]
    words[0] = shutil.which(words[0], path=(options.get("env") or os.environ)["PATH"]) or words[0]
    done = subprocess.run(words, text=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        raise Failure(f"`{' '.join(words[:6])}` ended with {done.returncode}" + (f"\nhint: {hint}" if hint else ""))
    return done.stdout


def epoch():
    """The time of the commit, in seconds: equal sources make equal packages."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return int(os.environ["SOURCE_DATE_EPOCH"])
    if shutil.which("git") and (ROOT / ".git").exists():
        return int(run(["git", "-C", ROOT, "log", "-1", "--format=%ct"]))
    return 1_700_000_000


def empty(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def filled(template, values):
    """Fills `@NAME@`. A block from `@if NAME@` to `@end@`, each on a line, goes where NAME has no value."""
    lines, kept = [], True
    for line in (TEMPLATES / template).read_text().splitlines(keepends=True):
        word = line.strip().lstrip("#").strip()
        if word.startswith("@if "):
            kept = bool(values.get(word[4:-1]))
        elif word == "@end@":
            kept = True
        elif kept:
            lines.append(line)
    text = "".join(lines)
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return text
