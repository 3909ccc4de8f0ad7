import assert from "node:assert/strict";
import { test } from "node:test";
import { Template, Tree, kustomize, yaml } from "trueup";

const MEBIBYTE = 2 ** 20;

/** What the process holds once everything that can be collected was. */
async function held() {
  for (let round = 0; round < 4; round++) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().rss;
}

/** Calls it so often. Node frees what belongs to collected objects when the event loop comes round, so it has to now and then. */
async function repeat(count, once) {
  for (let call = 0; call < count; call++) {
    await once(call);
    if (call % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** How much more the process holds after so many calls. */
async function growth(count, once) {
  await repeat(count / 10, once);
  const before = await held();
  await repeat(count, once);
  return ((await held()) - before) / MEBIBYTE;
}

const files = {
  "kustomization.yaml": "namePrefix: p-\nresources: [a.yaml]\n",
  "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {key: value}\n",
};

// A leak of 200 bytes a call in the first, of 4 KiB in the last, would be 20 MiB.
const LEAKS = [
  ["values", 100_000, () => yaml.parseSync("a: [1, 2, {b: x}]\nc: 9007199254740993\n")],
  ["errors", 20_000, () => { try { yaml.parseSync("a: ["); } catch (error) { return error.line; } }],
  ["handles", 10_000, () => kustomize.buildSync(new Tree(files)).at(0).object],
  ["templates", 10_000, () => new Template("{{ .a }}").renderSync({ a: 1 })],
  ["lazy trees", 5_000, () => Tree.lazy({ read: (path) => files[path], list: () => [] }).read("a.yaml")],
  ["promises", 10_000, () => yaml.parse("a: 1", { signal: new AbortController().signal, onProgress: () => {} })],
];

for (const [what, count, once] of LEAKS) {
  test(`${count} calls leak no ${what}`, { skip: !globalThis.gc && "needs --expose-gc" }, async () => {
    const grown = await growth(count, once);
    assert.ok(grown < 20, `${grown.toFixed(1)} MiB more`);
  });
}
