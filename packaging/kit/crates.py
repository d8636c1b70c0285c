"""The crates that are linked into the program for a target: their licences, and the bill of materials (CycloneDX)."""
import functools
import hashlib
import json
import pathlib
import tomllib
import uuid
from datetime import datetime, timezone

from . import project

# how the files begin that hold a licence
LICENCES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE")


@functools.cache
def metadata(triple):
    words = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", triple]
    return json.loads(project.run(words, cwd=project.ROOT))


@functools.cache
def linked(triple):
    """The crates by id, without those that only the build or the tests use, and what each depends on."""
    known = metadata(triple)
    nodes = {node["id"]: node for node in known["resolve"]["nodes"]}
    packages = {package["id"]: package for package in known["packages"]}

    def is_macro(package):
        return any("proc-macro" in target["kind"] for target in package["targets"])

    edges, todo = {}, [known["resolve"]["root"]]
    while todo:
        crate = todo.pop()
        if crate not in edges:
            edges[crate] = sorted(
                dep["pkg"] for dep in nodes[crate]["deps"]
                if any(kind["kind"] is None for kind in dep["dep_kinds"]) and not is_macro(packages[dep["pkg"]])
                and dep["pkg"] != crate)
            todo += edges[crate]
    return {crate: packages[crate] for crate in sorted(edges)}, edges


def licences(triple):
    """The licence texts of everything linked in, each text once, below the names of the crates that have it."""
    packages, _ = linked(triple)
    texts, silent = {}, []
    for package in packages.values():
        if package["source"] is None:
            continue
        name = f"{package['name']} {package['version']}"
        folder = pathlib.Path(package["manifest_path"]).parent
        files = sorted(file for file in folder.iterdir() if file.is_file() and file.name.upper().startswith(LICENCES))
        if not files:
            silent.append(f"{name} ({package['license']})")
        for file in files:
            texts.setdefault(file.read_text(errors="replace").strip(), []).append(name)
    parts = ["What is linked into wraptap, and its licences.\n"]
    if silent:
        parts.append("Named in the crate, without a text of its own:\n  " + "\n  ".join(silent) + "\n")
    for text, names in sorted(texts.items(), key=lambda entry: entry[1]):
        parts.append("-" * 80 + "\n" + ", ".join(names) + "\n\n" + text + "\n")
    return "\n".join(parts)


def bill_of_materials(triple):
    """A CycloneDX 1.5 document: each crate with its version, licence and digest, and what it depends on."""
    packages, edges = linked(triple)
    locked = tomllib.loads((project.ROOT / "Cargo.lock").read_text())["package"]
    digests = {(entry["name"], entry["version"]): entry.get("checksum") for entry in locked}

    def reference(crate):
        return f"pkg:cargo/{packages[crate]['name']}@{packages[crate]['version']}"

    def component(crate):
        package = packages[crate]
        digest = digests.get((package["name"], package["version"]))
        entry = {"type": "library", "bom-ref": reference(crate), "name": package["name"],
                 "version": package["version"], "purl": reference(crate), "scope": "required"}
        if digest:
            entry["hashes"] = [{"alg": "SHA-256", "content": digest}]
        if package["license"]:
            entry["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
        return entry

    components = [component(crate) for crate in packages if packages[crate]["source"] is not None]
    whole = json.dumps(components, sort_keys=True) + triple
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.UUID(bytes=hashlib.sha256(whole.encode()).digest()[:16], version=4)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(project.epoch(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"type": "application", "bom-ref": f"pkg:cargo/wraptap@{project.VERSION}", "name": "wraptap",
                          "version": project.VERSION, "purl": f"pkg:cargo/wraptap@{project.VERSION}",
                          "description": project.DESCRIPTION, "licenses": [{"expression": project.LICENSE}]},
            "properties": [{"name": "wraptap:target", "value": triple}],
        },
        "components": components,
        "dependencies": [{"ref": reference(crate), "dependsOn": [reference(dep) for dep in edges[crate]]}
                         for crate in packages],
    }
