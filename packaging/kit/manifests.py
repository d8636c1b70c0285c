"""What other package managers read: a Dockerfile, a Homebrew formula, manifests of scoop and winget."""
import shutil

from . import archive, compile, project

TRIPLES = {
    "LINUX_X64": "x86_64-unknown-linux-musl",
    "LINUX_ARM64": "aarch64-unknown-linux-musl",
    "MACOS_X64": "x86_64-apple-darwin",
    "MACOS_ARM64": "aarch64-apple-darwin",
}


def digest(name):
    path = project.PACKAGES / f"{name}.sha256"
    return path.read_text().split()[0] if path.exists() else ""


def values(repository):
    known = {"VERSION": project.VERSION, "DESCRIPTION": project.DESCRIPTION, "REPOSITORY": repository,
             "LICENSE": project.LICENSE,
             "DOWNLOAD": f"{repository}/releases/download/v{project.VERSION}"}
    for name, triple in TRIPLES.items():
        known[name] = digest(f"wraptap-{project.VERSION}-{triple}.tar.gz")
    for triple in ("x86_64-pc-windows-msvc", compile.WINDOWS):
        found = digest(f"wraptap-{project.VERSION}-{triple}.zip")
        known.setdefault("WINDOWS", "")
        if found and not known["WINDOWS"]:
            known |= {"WINDOWS": found, "WINDOWS_TRIPLE": triple}
    return known


def all_of(repository):
    """Fills each template whose archives lie in the folder of packages; says which were left out."""
    known = values(repository)
    absent = [triple for name, triple in TRIPLES.items() if not known[name]]
    if len(absent) == len(TRIPLES):
        project.say("left out: the Homebrew formula, for want of an archive")
    else:
        if absent:
            project.say(f"left out of the Homebrew formula, for want of their archives: {', '.join(absent)}")
        yield archive.written("wraptap.rb", project.filled("homebrew/wraptap.rb", known).encode())
    if not known["WINDOWS"]:
        project.say("left out: scoop and winget, for want of the Windows zip")
        return
    yield archive.written("wraptap.scoop.json", project.filled("scoop/wraptap.json", known).encode())
    for kind in ("", ".installer", ".locale.en-US"):
        name = f"Wraptap.Wraptap{kind}.yaml"
        yield archive.written(name, project.filled(f"winget/{name}", known).encode())


def docker(triple):
    """A folder with the Dockerfile and the program: `docker build target/packages/docker`."""
    folder = project.empty(project.PACKAGES / "docker")
    shutil.copy(compile.program(triple), folder / "wraptap")
    shutil.copy(project.TEMPLATES / "docker" / "Dockerfile", folder)
    return folder
