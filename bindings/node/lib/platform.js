"use strict";

/** The name of the platform, as Rust and npm's packages spell it. */
function platform() {
  const { platform, arch, report } = process;
  if (platform === "linux") {
    const musl = !report.getReport().header.glibcVersionRuntime;
    return `linux-${arch}-${musl ? "musl" : "gnu"}`;
  }
  return platform === "win32" ? `win32-${arch}-msvc` : `${platform}-${arch}`;
}

module.exports = { platform };
