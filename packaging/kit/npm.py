"""The npm packages: `wraptap`, and one package for each platform of which npm installs the one that fits."""
import json
import shutil
import tempfile
import pathlib

from . import archive, compile, project

# npm's platform and processor: the target whose program serves them
PLATFORMS = {
    "linux-x64": "x86_64-unknown-linux-musl",
    "linux-arm64": "aarch64-unknown-linux-musl",
    "darwin-x64": "x86_64-apple-darwin",
    "darwin-arm64": "aarch64-apple-darwin",
    "win32-x64": "x86_64-pc-windows-msvc",
}
ALSO = {"x86_64-pc-windows-gnu": "win32-x64"}


def platform(triple):
    names = {target: name for name, target in PLATFORMS.items()} | ALSO
    return names[triple]


def packed(name, fill):
    """Packs the folder that `fill` fills, and returns the tarball's path."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder, "package")
        root.mkdir()
        fill(root)
        for licence in ("LICENSE-APACHE", "LICENSE-MIT"):
            shutil.copy(project.ROOT / licence, root)
        made = json.loads(project.run(["npm", "pack", "--json", "--silent", "--pack-destination", folder, root], cwd=folder,
                                      hint="install Node.js with npm"))
        entry = made[0] if isinstance(made, list) else next(iter(made.values()))
        return archive.written(name, pathlib.Path(folder, entry["filename"]).read_bytes())


def platform_package(triple):
    name = platform(triple)
    system, processor = name.split("-")

    def fill(root):
        program = compile.program(triple)
        shutil.copy(program, root / program.name)
        values = {"VERSION": project.VERSION, "PLATFORM": name, "OS": system, "CPU": processor, "PROGRAM": program.name}
        (root / "package.json").write_text(project.filled("npm/platform.json", values))
        (root / "README.md").write_text(f"The program of the npm package `wraptap`, for {name}.\n")

    return packed(f"wraptap-{name}-{project.VERSION}.tgz", fill)


def main_package():
    def fill(root):
        (root / "bin").mkdir()
        shutil.copy(project.TEMPLATES / "npm" / "wraptap.js", root / "bin" / "wraptap.js")
        (root / "bin" / "wraptap.js").chmod(0o755)
        shutil.copy(project.ROOT / "README.md", root)
        optional = {f"@wraptap/{name}": project.VERSION for name in PLATFORMS}
        values = {"VERSION": project.VERSION, "DESCRIPTION": project.DESCRIPTION, "LICENSE": project.LICENSE,
                  "OPTIONAL": json.dumps(optional)}
        (root / "package.json").write_text(project.filled("npm/main.json", values))

    return packed(f"wraptap-{project.VERSION}.tgz", fill)
