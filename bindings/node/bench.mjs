// What calls cost from JavaScript, beside the same calls from Rust: npm run bench [DIRECTORY]
//
// Build both with `npm run build` and `cargo build --release -p trueup-node --benches`. Times are CPU time, the least of several rounds.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Template, Tree, json, kustomize, yaml } from "trueup";

const ROUNDS = 7;
const root = fileURLToPath(new URL("../../", import.meta.url));
const directory = process.argv[2] ?? `${root}examples/platform-configs`;

/** The CPU time of this thread, in nanoseconds, as Linux counts it. */
const cpu = () => Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]);

/** The CPU time of one call, in nanoseconds. */
function measure(calls, work) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc?.();
    const before = cpu();
    for (let call = 0; call < calls; call++) work();
    times.push((cpu() - before) / calls);
  }
  return Math.min(...times);
}

const tree = Tree.fromDirSync(directory);
const directories = kustomize.directoriesSync(tree);
const template = new Template("Hello, {{ .name }}!");
const node = {
  render: measure(1, () => {
    // A tree of its own: what was built stays with a tree.
    const own = tree.withChanges({});
    return directories.reduce((sum, each) => sum + kustomize.buildSync(own, each).toYAML().length, 0);
  }),
  parse: measure(2000, () => yaml.parseSync("a: 1\nb: [x]\n")),
  dump: measure(2000, () => json.dumpSync({ name: "you" })),
  template: measure(2000, () => template.renderSync({ name: "you" })),
};

const load = () => {
  const program = 'const before = performance.now(); require("./index.js"); console.log(performance.now() - before);';
  return Number(execFileSync(process.execPath, ["-e", program], { cwd: fileURLToPath(new URL(".", import.meta.url)), encoding: "utf8" }));
};

const built = readdirSync(`${root}target/release/deps`).filter((name) => /^rust-[0-9a-f]+$/.test(name)).map((name) => `${root}target/release/deps/${name}`);
const newest = built.sort((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs)[0];
const rust = JSON.parse(execFileSync(newest, [directory], { encoding: "utf8" }));

const microseconds = (time) => `${(time / 1000).toFixed(1).padStart(10)} µs`;
console.log(`${"".padEnd(26)}${"Node".padStart(13)}${"Rust".padStart(13)}   overhead`);
for (const name of Object.keys(node)) {
  const over = name === "render" ? `${((node[name] / rust[name] - 1) * 100).toFixed(1)} %` : microseconds(node[name] - rust[name]).trim();
  const title = name === "render" ? `${directories.length} overlays, as YAML` : `a small ${name}`;
  console.log(`${title.padEnd(26)}${microseconds(node[name])}${microseconds(rust[name])}   ${over}`);
}
console.log(`import: ${Math.min(...Array.from({ length: 10 }, load)).toFixed(1)} ms`);
