// Builds the addon without optimisation, with what the workspace has already built, and puts it where the package looks for it.
// What is published is built by `npm run build`.
import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import platform from "./lib/platform.js";

const here = fileURLToPath(new URL(".", import.meta.url));
execFileSync("cargo", ["build", "--package", "trueup-node"], { cwd: here, stdio: "inherit" });
const [prefix, suffix] = { darwin: ["lib", "dylib"], win32: ["", "dll"] }[process.platform] ?? ["lib", "so"];
const addon = `${here}trueup.${platform.platform()}.node`;
// A process that has loaded it keeps what it has: the file is replaced, not written over.
rmSync(addon, { force: true });
copyFileSync(`${here}../../target/debug/${prefix}trueup_node.${suffix}`, addon);
