"use strict";
// Finds the addon: beside this package if it was built here, else in the package of the platform.

const { existsSync } = require("node:fs");
const { join } = require("node:path");

/** The name of the platform, as Rust and npm's packages spell it. */
function platform() {
  const { platform, arch, report } = process;
  if (platform === "linux") {
    const musl = !report.getReport().header.glibcVersionRuntime;
    return `linux-${arch}-${musl ? "musl" : "gnu"}`;
  }
  return platform === "win32" ? `win32-${arch}-msvc` : `${platform}-${arch}`;
}

function load() {
  const name = platform();
  const local = join(__dirname, "..", `trueup.${name}.node`);
  if (existsSync(local)) return require(local);
  try {
    return require(`@trueup/${name}`);
  } catch (cause) {
    throw new Error(`trueup has no build for ${name}, or its optional dependency @trueup/${name} is not installed`, { cause });
  }
}

module.exports = load();
