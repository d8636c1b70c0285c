"""The wheel and the sdist, made by maturin: the program as a script of the package, no Python in it."""
import pathlib
import tempfile

from . import archive, compile, project, tools


def maturin(words, variables=None):
    """Runs maturin and returns the one file that it made."""
    programs = tools.installed()
    with tempfile.TemporaryDirectory() as folder:
        project.run([programs / "maturin", *words, "--out", folder], cwd=project.ROOT, env=variables)
        made, = pathlib.Path(folder).iterdir()
        return archive.written(made.name, made.read_bytes())


def wheel(triple):
    words = ["build", "--quiet", "--locked", "--profile", "dist", "--target", triple]
    if triple.endswith("-linux-musl"):
        # linked statically, hence for any Linux
        words += ["--compatibility", "manylinux_2_17", "musllinux_1_1"]
    return maturin(words, compile.environment(triple))


def sdist():
    return maturin(["sdist", "--quiet"])
