// What calls cost from JavaScript, beside the same calls from Rust, in one run: npm run bench
//
// Needs an optimised addon (`npm run build`) and cargo for the yardstick. Each time is the shortest of many.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Tree, kustomize, patch, previewSync, yaml } from "trueup";

const root = fileURLToPath(new URL("../../", import.meta.url));
const example = `${root}examples/platform-configs`;

/** The shortest time of several, in nanoseconds. */
function best(times, work) {
  let shortest = Infinity;
  for (let round = 0; round < times; round++) {
    const before = process.hrtime.bigint();
    work();
    shortest = Math.min(shortest, Number(process.hrtime.bigint() - before));
  }
  return shortest;
}

const tree = Tree.fromDirSync(example);
// A tree of its own for each: what was built stays with a tree.
const withFresh = (times, work) => {
  const trees = Array.from({ length: times }, () => tree.withChanges({}));
  return best(times, () => work(trees.pop()));
};
const render = (tree) => Object.values(kustomize.buildAllSync(tree).manifests).reduce((sum, built) => sum + built.toYAML().length, 0);

const node = {
  render: withFresh(40, render),
  preview: withFresh(40, (tree) => previewSync(tree)),
  parse: best(20_000, () => yaml.parseSync("a: 1\nb: x\n")),
  patch: best(20_000, () => patch.mergeApplySync({ a: 1, b: "x" }, { b: "y" })),
};

const build = ["run", "--quiet", "--release", "-p", "trueup", "--example", "calls", "--", example];
const rust = JSON.parse(execFileSync("cargo", build, { cwd: root, encoding: "utf8" }));

const load = () => {
  const program = 'const before = performance.now(); require("./index.js"); console.log(performance.now() - before);';
  return Number(execFileSync(process.execPath, ["-e", program], { cwd: fileURLToPath(new URL(".", import.meta.url)), encoding: "utf8" }));
};

const microseconds = (time) => `${(time / 1000).toFixed(1).padStart(10)} µs`;
for (const name of Object.keys(node)) {
  const over = node[name] - rust[name];
  const share = `${((over / rust[name]) * 100).toFixed(1).padStart(6)} %`;
  console.log(`${name.padEnd(8)} Rust ${microseconds(rust[name])}   Node ${microseconds(node[name])}   ${share}   ${(over / 1000).toFixed(1)} µs`);
}
console.log(`import   ${Math.min(...Array.from({ length: 10 }, load)).toFixed(1)} ms`);
