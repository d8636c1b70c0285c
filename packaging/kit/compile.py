"""Compiles the program for a target, with the profile `dist`."""
import functools
import os
import pathlib
import platform
import shutil
import subprocess

from . import project, tools

LINUX = "x86_64-unknown-linux-musl"
WINDOWS = "x86_64-pc-windows-gnu"
FOLDER = project.CARGO_FOLDER / "packaging"
# the C compiler of a target, and the Debian package that has it
COMPILERS = {LINUX: ("musl-gcc", "musl-tools"), WINDOWS: ("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64")}


def of_this_machine():
    """The target whose packages run on this machine."""
    processor = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    system = {"Darwin": "apple-darwin", "Windows": "pc-windows-msvc"}.get(platform.system(), "unknown-linux-musl")
    return f"{processor}-{system}"


def add_standard_library(triple):
    query = ["rustc", "--print", "target-libdir", "--target", triple]
    folder = subprocess.run(query, capture_output=True, text=True, cwd=project.ROOT).stdout.strip()
    if folder and any(pathlib.Path(folder).glob("libstd-*.rlib")):
        return
    project.say(f"adding the standard library of {triple}")
    project.run(["rustup", "target", "add", triple], cwd=project.ROOT,
                hint=f"this Rust has no standard library of {triple}, and rustup could not get it")


@functools.cache
def environment(triple):
    """The variables with which cargo, and what calls cargo, compiles for the target."""
    add_standard_library(triple)
    variable = triple.upper().replace("-", "_")
    home = pathlib.Path(os.environ.get("CARGO_HOME", pathlib.Path.home() / ".cargo"))
    # the folders of this machine are in no package
    flags = [f"--remap-path-prefix={project.ROOT}=.", f"--remap-path-prefix={home}=cargo"]
    if triple.endswith("-msvc"):
        # no runtime library that a new Windows lacks
        flags.append("-Ctarget-feature=+crt-static")
    own = {
        "CARGO_TARGET_DIR": str(FOLDER),
        "CARGO_BUILD_TARGET": triple,
        "CARGO_INCREMENTAL": "0",
        "SOURCE_DATE_EPOCH": str(project.epoch()),
        f"CARGO_TARGET_{variable}_RUSTFLAGS": " ".join(flags),
    }
    compiler, package = COMPILERS.get(triple, (None, None))
    if triple.endswith("-linux-musl"):
        compiler, package = COMPILERS[LINUX]
    if compiler:
        if not shutil.which(compiler):
            tools.debian([package], f"{compiler} is missing: it compiles the C code of dependencies for {triple}")
        own[f"CC_{triple.replace('-', '_')}"] = compiler
    return {**os.environ, **own}


def program(triple):
    """Compiles the program and returns its path."""
    project.say(f"compiling for {triple}")
    words = ["cargo", "build", "--quiet", "--locked", "--profile", "dist", "--target", triple]
    project.run(words, env=environment(triple), cwd=project.ROOT)
    return FOLDER / triple / "dist" / ("wraptap.exe" if "windows" in triple else "wraptap")
