// What calls cost from JavaScript, beside the same calls from Rust, in one run: npm run bench
//
// Needs an optimised addon (`npm run build`) and cargo for the yardstick. Each time is the shortest of many. What an earlier round
// left behind is collected before the next, as Rust drops it: else the memory is new each time, and its pages cost more than the calls.
import { execFileSync } from "node:child_process";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Tree, kustomize, patch, previewSync, yaml } from "trueup";

const root = fileURLToPath(new URL("../../", import.meta.url));
const example = `${root}examples/platform-configs`;

/** Collects garbage, and lets what it belonged to in Rust go. */
async function collect() {
  gc();
  await setImmediate();
}

/** The shortest time of several, in nanoseconds. */
async function best(times, work, between = undefined) {
  let shortest = Infinity;
  for (let round = 0; round < times; round++) {
    await between?.();
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
  return best(times, () => work(trees.pop()), collect);
};
const render = (tree) => Object.values(kustomize.buildAllSync(tree).manifests).reduce((sum, built) => sum + built.toYAML().length, 0);

const node = {
  render: await withFresh(40, render),
  preview: await withFresh(40, (tree) => previewSync(tree)),
  parse: await best(20_000, () => yaml.parseSync("a: 1\nb: x\n")),
  patch: await best(20_000, () => patch.mergeApplySync({ a: 1, b: "x" }, { b: "y" })),
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
