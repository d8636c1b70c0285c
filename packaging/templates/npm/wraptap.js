#!/usr/bin/env node
"use strict";
// Starts the program of this platform's package, and ends as it ends.

const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const path = require("node:path");

const { version, optionalDependencies } = require("../package.json");
const wanted = `@wraptap/${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "wraptap.exe" : "wraptap";

function fail(cause, hint) {
  process.stderr.write(`error: ${cause}\n  hint: ${hint}\n`);
  process.exit(3);
}

// The command that puts the missing package beside this one, wherever npm has put this one.
function repair() {
  const parts = __dirname.split(path.sep);
  const modules = parts.lastIndexOf("node_modules");
  const parent = parts.slice(0, modules).join(path.sep) || path.sep;
  if (parts.includes("_npx")) return `npx -p wraptap@${version} -p ${wanted}@${version} wraptap`;
  // below `lib` (on Windows directly) in the prefix, npm keeps what was installed with -g
  const isGlobal = modules > 0 && (parts[modules - 1] === "lib" || parts[modules - 1] === "npm");
  if (isGlobal) {
    const prefix = parts[modules - 1] === "lib" ? path.dirname(parent) : parent;
    return `npm install -g --prefix "${prefix}" ${wanted}@${version}`;
  }
  return `npm install --no-save --prefix "${parent}" ${wanted}@${version}`;
}

function program() {
  if (!(wanted in optionalDependencies)) {
    const have = Object.keys(optionalDependencies).map((name) => name.slice("@wraptap/".length));
    fail(`wraptap has no package for ${process.platform}-${process.arch}; it has: ${have.join(", ")}`,
      "build it from source: cargo install wraptap");
  }
  let found;
  try {
    found = require.resolve(`${wanted}/package.json`);
  } catch {
    fail(`${wanted} is not installed: npm left out optional packages, or node_modules came from another platform`, repair());
  }
  const other = require(found).version;
  if (other !== version) fail(`${wanted} is version ${other}, wraptap is ${version}`, repair());
  return path.join(path.dirname(found), file);
}

const child = spawn(program(), process.argv.slice(2), { stdio: "inherit" });
// A terminal sends Ctrl-C to both, and the program may take its time to finish the recording.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => fail(`${child.spawnfile} could not be started: ${error.message}`,
  "on a file system that is mounted without execution, install elsewhere"));
child.on("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
