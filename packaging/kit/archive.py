"""The archives: the program with its man pages, completions and licences. Equal sources give equal bytes."""
import functools
import gzip
import hashlib
import io
import json
import tarfile
import tempfile
import time
import pathlib
import zipfile

from . import compile, crates, project


@functools.cache
def pages():
    """Man pages and completions, by their path in the archive."""
    with tempfile.TemporaryDirectory() as folder:
        project.run(["cargo", "run", "--quiet", "--locked", "--example", "pages", "--", folder], cwd=project.ROOT)
        files = sorted(file for file in pathlib.Path(folder).rglob("*") if file.is_file())
        return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def content(triple):
    """Everything in the archive, as (path, bytes, mode)."""
    program = compile.program(triple)
    yield program.name, program.read_bytes(), 0o755
    for name in ("README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"):
        yield name, (project.ROOT / name).read_bytes(), 0o644
    yield "THIRD-PARTY-LICENSES.txt", crates.licences(triple).encode(), 0o644
    for name, text in pages().items():
        yield name, text, 0o644


def tar(triple):
    name = f"wraptap-{project.VERSION}-{triple}"
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, data, mode in content(triple):
            entry = tarfile.TarInfo(f"{name}/{path}")
            entry.size, entry.mode, entry.mtime = len(data), mode, project.epoch()
            archive.addfile(entry, io.BytesIO(data))
    return written(f"{name}.tar.gz", gzip.compress(inner.getvalue(), 9, mtime=project.epoch()))


def zipped(triple):
    name = f"wraptap-{project.VERSION}-{triple}"
    moment = time.gmtime(project.epoch())[:6]
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, data, mode in content(triple):
            entry = zipfile.ZipInfo(f"{name}/{path}", moment)
            entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return written(f"{name}.zip", inner.getvalue())


def bill_of_materials(triple):
    document = json.dumps(crates.bill_of_materials(triple), indent=1) + "\n"
    return written(f"wraptap-{project.VERSION}-{triple}.cdx.json", document.encode())


def written(name, data):
    """Writes a package, with its SHA-256 in a file beside it as `sha256sum --check` reads it."""
    project.PACKAGES.mkdir(parents=True, exist_ok=True)
    path = project.PACKAGES / name
    path.write_bytes(data)
    (project.PACKAGES / f"{name}.sha256").write_text(f"{hashlib.sha256(data).hexdigest()}  {name}\n")
    return path
