#!/usr/bin/env python3
"""Derives the operation catalogue from the published SDK packages.

    python3 src/api/genesys/catalogue/generate.py            fetch the pinned packages, write the four data files
    python3 src/api/genesys/catalogue/generate.py --pack     only compress the two text files again

Writes, beside this script:
    operations.tsv, models.txt          what a person reviews
    operations.tsv.gz, models.txt.gz    the same bytes compressed, which the program embeds

Needs Python 3.11, npm, pip and mvn. The packages are downloaded through their ordinary clients into a temporary
folder and never run: they are read as text. Taken from them are facts only (names, types, enumerations, which are
required); no description, no code.

To move to newer packages change the three versions below, run it, read the diff of the text files, run the tests.
"""

import gzip
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

NPM = ("purecloud-platform-client-v2", "262.0.0")
PYPI = ("PureCloudPlatformClientV2", "269.0.0")
MAVEN = ("com.mypurecloud:platform-client-v2", "198.1.0")  # only to check that Java's method names are JavaScript's

HERE = pathlib.Path(__file__).parent

SCALARS = {
    "str": "string", "int": "integer", "float": "number", "bool": "boolean",
    "datetime": "date-time", "date": "date", "object": "any", "file": "file",
    "string": "string", "number": "number", "boolean": "boolean",
}


# --- fetching -------------------------------------------------------------------------------------------------------

def fetch(folder):
    """Downloads and unpacks the pinned packages; returns the folders of the two and the names inside the Java jar."""
    run = lambda *command: subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    run("npm", "pack", "--silent", f"{NPM[0]}@{NPM[1]}")
    run("tar", "xzf", f"{NPM[0]}-{NPM[1]}.tgz")
    run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", f"{PYPI[0]}=={PYPI[1]}")
    for wheel in folder.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(folder / "wheel")
    run("mvn", "-q", "dependency:copy", f"-Dartifact={MAVEN[0]}:{MAVEN[1]}", f"-DoutputDirectory={folder}")
    jar = next(folder.glob("platform-client-v2-*.jar"))
    return folder / "package", folder / "wheel" / PYPI[0], zipfile.ZipFile(jar).namelist()


# --- operations -----------------------------------------------------------------------------------------------------

def javascript_operations(package):
    """{(method, template): dict} of the JavaScript SDK."""
    found = {}
    for path in sorted((package / "src" / NPM[0] / "api").glob("*Api.js")):
        for block in re.split(r"\n\t/\*\*\n", path.read_text(encoding="utf-8"))[1:]:
            call = re.search(r"\n\t(\w+)\((.*?)\) \{", block)
            target = re.search(r"callApi\(\s*'([^']+)',\s*'([A-Z]+)',", block)
            if not call or not target:
                continue
            parts = re.search(r"'[A-Z]+',\s*\{(.*?)\},\s*\{(.*?)\},\s*\{(.*?)\},\s*\{(.*?)\},\s*(.*?),\s*\[",
                              block[target.start():], re.S)
            query, body = parts.group(2), parts.group(5).strip()
            names = re.findall(r"'([^']+)':\s*(.*?)(?=,'|,\s*'|$)", query.strip())
            doc = block[:call.start()]
            found[target.group(2), target.group(1)] = {
                "class": path.stem, "js": call.group(1),
                "body": "" if body == "null" else ("optional" if body.startswith("opts") else "required"),
                "query": {name: "opts[" not in value for name, value in names},
                "deprecated": "@deprecated" in doc,
            }
    return found


def python_operations(package):
    """{(method, template): dict} of the Python SDK."""
    found = {}
    for path in sorted((package / "apis").glob("*_api.py")):
        text = path.read_text(encoding="utf-8")
        holder = re.search(r"^class (\w+)", text, re.M).group(1)
        for part in re.split(r"\n(?=    (?:@deprecated|def ))", text)[1:]:
            name = re.search(r"def (\w+)\(self(.*?)\)(?: ->|:)", part, re.S)
            target = re.search(r"resource_path = '([^']+)'", part)
            if not name or not target:
                continue
            required = set(re.findall(r"'(\w+)' not in params", part))
            sent = re.search(r"body_params = params\['(\w+)'\]", part)  # nearly always called `body`
            body = sent and re.search(rf":param (\S.*?) {sent.group(1)}:", part)
            query = re.findall(r"if '(\w+)' in params:\n\s+query_params\['([^']+)'\]", part)
            returns = re.search(r"response_type=(?:'([^']+)'|None)", part).group(1)
            found[re.search(r"call_api\(resource_path, '([A-Z]+)'", part).group(1), target.group(1)] = {
                "class": holder, "py": name.group(1),
                "model": wire_type(body.group(1)) if body else "",
                "body": "" if not body else ("required" if sent.group(1) in required else "optional"),
                "query": {wire: key in required for key, wire in query},
                "returns": wire_type(returns) if returns else "",
                "deprecated": part.startswith("    @deprecated"),
            }
    return found


def typed_operations(declarations):
    """{JavaScript method: (body type, return type)} of the package's type declarations."""
    found = {}
    for name, parameters, returns in re.findall(r"^  \t(\w+)\((.*?)\): Promise<(.*)>; *$", declarations, re.M):
        body = re.search(r"\bbody\??: ([^,]+)", parameters)
        found[name] = (wire_type(body.group(1)) if body else "", "" if returns == "void" else wire_type(returns))
    for name, fields in re.findall(r"export interface (\w+)Options \{ \n(.*?)\n\t\}", declarations, re.S):
        body = re.search(r'"body"\?: (.*);', fields)
        if body and name in found:
            found[name] = (wire_type(body.group(1)), found[name][1])
    return found


def operations(package, wheel, jar):
    """The rows of operations.tsv, sorted by template and method, and the remark on Java's names."""
    declarations = (package / "index.d.ts").read_text(encoding="utf-8")
    typed = typed_operations(declarations)
    js, py = javascript_operations(package), python_operations(wheel)
    rows = []
    for method, template in sorted(set(js) | set(py), key=lambda key: (key[1], key[0])):
        left, right = js.get((method, template), {}), py.get((method, template), {})
        model = right.get("model") or typed.get(left.get("js"), ("", ""))[0]
        need = left.get("body") or right.get("body") or ""
        query = {**right.get("query", {}), **left.get("query", {})}
        rows.append("\t".join([
            method, template, (left or right)["class"], left.get("js", ""), right.get("py", ""),
            (model or "any") + ("!" if need == "required" else "?") if need else "",
            " ".join(name + ("!" if must else "") for name, must in sorted(query.items())),
            right.get("returns") or typed.get(left.get("js"), ("", ""))[1],
            "deprecated" if left.get("deprecated") or right.get("deprecated") else "",
        ]))
    java = {re.sub(r".*/(\w+)Request\.class$", r"\1", name) for name in jar if re.search(r"/api/request/\w+Request\.class$", name)}
    names = {op["js"][0].upper() + op["js"][1:] for op in js.values()}
    remark = f"{len(java & names)} of its {len(java)} method names are JavaScript's, the others are operations that both have dropped since"
    return rows, remark


# --- models ---------------------------------------------------------------------------------------------------------

def wire_type(text):
    """Translates a Python or TypeScript type into the notation of models.txt: `string`, `Name`, `T[]`, `map<T>`."""
    text = text.strip().strip("'").removesuffix(";").strip()
    for pattern, shape in [(r"list\[(.*)\]$", "{}[]"), (r"Array<(.*)>$", "{}[]"), (r"dict\(str, (.*)\)$", "map<{}>"),
                           (r"\{ \[key: string\]: (.*?);? \}$", "map<{}>")]:
        inner = re.match(pattern, text)
        if inner:
            return shape.format(wire_type(inner.group(1)))
    return SCALARS.get(text, text.removeprefix("Models."))


def python_models(wheel):
    """{model: {wire name: (type, [enum words])}} of the Python SDK."""
    found = {}
    for path in sorted((wheel / "models").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        name = re.search(r"^class (\w+)", text, re.M)
        if not name or "self.attribute_map" not in text:
            continue
        types, wires = (dict(re.findall(r"^\s+'(\w+)': '([^']+)'", part, re.M))
                        for part in text.split("self.swagger_types", 1)[1].split("self.attribute_map", 1))
        words = {}
        for setter in re.finditer(r"\.setter\n    def (\w+)\(self(?:(?!\n    def ).)*?allowed_values = \[(.*?)\]", text, re.S):
            words[setter.group(1)] = re.findall(r'"([^"]*)"', setter.group(2))
        fields = {}
        for key, kind in types.items():
            enum = words.get(key) or words.get("pc" + key[0].upper() + key[1:]) or []
            fields[wires[key]] = (wire_type(kind), [word for word in enum if word])
        found[name.group(1)] = fields
    return found


def javascript_models(package):
    """{model: {wire name: (type, required)}} of the JavaScript SDK's type declarations."""
    text = (package / "index.d.ts").read_text(encoding="utf-8")
    return {
        name: {key: (wire_type(kind), not optional)
               for key, optional, kind in re.findall(r'^\t\t"([^"]+)"(\?)?: (.*)$', fields, re.M)}
        for name, fields in re.findall(r"^\texport interface (\w+) \{ \n(.*?)^\t\}", text, re.S | re.M)
    }


def models(package, wheel, rows):
    """The blocks of models.txt: every model that a request body can hold."""
    py, js = python_models(wheel), javascript_models(package)
    model_names = lambda kind: re.findall(r"[A-Z]\w*", kind.replace("date-time", ""))
    waiting = sorted({name for row in rows for name in model_names(row.split("\t")[5])})
    done = {}
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        known, declared = py.get(name), js.get(name, {})
        if known is None and name not in js:
            done[name] = [f"{name} unknown"]
            continue
        fields = known if known is not None else {key: (kind, []) for key, (kind, _) in declared.items()}
        block = [name]
        for key, (kind, enum) in fields.items():
            must = "!" if declared.get(key, ("", False))[1] else ""
            block.append(f"  {key}{must} {kind}" + (f" = {' | '.join(enum)}" if enum else ""))
            waiting += model_names(kind)
        done[name] = block
    return [done[name] for name in sorted(done)]


# --- writing --------------------------------------------------------------------------------------------------------

def pack():
    """Compresses the text files, with nothing in the result that changes from run to run."""
    for name in ("operations.tsv", "models.txt"):
        (HERE / f"{name}.gz").write_bytes(gzip.compress((HERE / name).read_bytes(), 9, mtime=0))


def main():
    if "--pack" not in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            package, wheel, jar = fetch(pathlib.Path(folder))
            rows, remark = operations(package, wheel, jar)
            blocks = models(package, wheel, rows)
        source = f"# npm {NPM[0]} {NPM[1]}, PyPI {PYPI[0]} {PYPI[1]}\n"
        head = (source + "# derived by generate.py\n"
                + f"# Java: Maven {MAVEN[0]} {MAVEN[1]}: {remark}\n"
                + "# method\ttemplate\tclass\tJavaScript and Java\tPython\tbody (! required, ? not)\tquery\treturns\tnotes\n")
        (HERE / "operations.tsv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
        head = source + "# derived by generate.py\n# every model a request body can hold: wire name, ! if required, type, enumerated words\n"
        text = head + "".join("\n".join(block) + "\n" for block in blocks)
        (HERE / "models.txt").write_text(text, encoding="utf-8")
        print(f"{len(rows)} operations, {len(blocks)} models; {remark}")
    pack()


if __name__ == "__main__":
    main()
