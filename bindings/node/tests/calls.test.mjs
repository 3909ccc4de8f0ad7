import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { Cancelled, Template, Tree, kustomize, template, yaml } from "trueup";

/** Takes many seconds unless it is stopped. */
const ENDLESS = new Template('{{ range $i := until 100000 }}{{ range $j := until 100000 }}{{ add $i $j }}{{ end }}{{ end }}', {
  functions: "sprig",
});

/** A tree with so many directories to build. */
function directories(count) {
  const files = {};
  for (let at = 0; at < count; at++) {
    files[`d${at}/kustomization.yaml`] = `namePrefix: p${at}-\nresources: [a.yaml]\n`;
    files[`d${at}/a.yaml`] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
  }
  return new Tree(files);
}

test("a signal stops work that is already running", async (t) => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const running = ENDLESS.render({}, { signal: controller.signal });
  let ticks = 0;
  const ticking = setInterval(() => (ticks += 1), 1);
  t.after(() => clearInterval(ticking));
  setTimeout(() => controller.abort(reason), 50);
  await assert.rejects(running, (error) => error instanceof Cancelled && error.code.endsWith("cancelled") && error.cause === reason);
  assert.ok(ticks > 0, "the event loop went on");
  assert.equal(template.renderSync(new Template("{{ 1 }}"), {}), "1");
});

test("a signal that was aborted before stops everything, and an old one leaves no listener", async () => {
  await assert.rejects(yaml.parse("a: 1", { signal: AbortSignal.abort() }), Cancelled);
  assert.throws(() => yaml.parseSync("a: 1", { signal: AbortSignal.abort() }), Cancelled);
  const { signal } = new AbortController();
  let listeners = 0;
  const counted = new Proxy(signal, {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (key === "addEventListener") return (...values) => ((listeners += 1), value.apply(target, values));
      if (key === "removeEventListener") return (...values) => ((listeners -= 1), value.apply(target, values));
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  await yaml.parse("a: 1", { signal: counted });
  assert.equal(listeners, 0);
  await assert.rejects(yaml.parse("a: 1", { signal: {} }), TypeError);
});

test("a budget stops at the same step everywhere", async () => {
  const tree = directories(50);
  assert.throws(() => kustomize.buildSync(tree, "d1", { budget: 0 }), Cancelled);
  await assert.rejects(ENDLESS.render({}, { budget: 1000 }), Cancelled);
  assert.equal(kustomize.buildSync(tree, "d1", { budget: 1e6 }).length, 1);
  assert.throws(() => yaml.parseSync("a", { budget: -1 }), TypeError);
});

test("progress is told, in both forms", async () => {
  const tree = directories(300);
  for (const run of [kustomize.buildAll, async (...values) => kustomize.buildAllSync(...values)]) {
    const told = [];
    await run(tree, { onProgress: (progress) => told.push(progress) });
    assert.ok(told.length >= 50 && told.length <= 151, `${told.length} reports`);
    assert.ok(told.every(({ phase, total, subject }) => phase === "build" && total === 300 && /^d\d+$/.test(subject)));
    assert.equal(Math.max(...told.map(({ done }) => done)), 300);
  }
});

test("what a listener throws stops the call and is thrown", async () => {
  const tree = directories(300);
  const onProgress = () => {
    throw new RangeError("mine");
  };
  await assert.rejects(kustomize.buildAll(tree, { onProgress }), RangeError);
  assert.throws(() => kustomize.buildAllSync(tree, { onProgress }), RangeError);
  await assert.rejects(kustomize.buildAll(tree, { onProgress: 1 }), TypeError);
});

test("a listener may call the engine itself", () => {
  let inner = 0;
  const onProgress = () => {
    const { length } = kustomize.buildAllSync(directories(3)).manifests.d1;
    inner += length;
  };
  kustomize.buildAllSync(directories(10), { onProgress });
  assert.equal(inner, 10);
});

test("many calls at once", async () => {
  const tree = directories(40);
  const built = await Promise.all(Array.from({ length: 40 }, (_, at) => kustomize.build(tree, `d${at}`)));
  built.forEach((manifests, at) => assert.equal(manifests.at(0).name, `p${at}-a`));
});

test("worker threads have an engine each", async () => {
  const code = `
    import { parentPort } from "node:worker_threads";
    import { Tree, ParseError, kustomize, yaml } from "trueup";
    const files = { "kustomization.yaml": "namePrefix: p-\\nresources: [a.yaml]\\n", "a.yaml": "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a}\\n" };
    const lazy = Tree.lazy({ read: (path) => files[path], list: (directory) => directory === "" ? Object.keys(files) : [] });
    const names = [];
    for (let round = 0; round < 50; round++) {
      names.push((await kustomize.build(new Tree(files))).at(0).name, kustomize.buildSync(lazy).at(0).name);
      names.push((await kustomize.buildAll(lazy)).manifests[""].at(0).name);
      try { yaml.parseSync("a: ["); } catch (error) { if (!(error instanceof ParseError)) throw error; }
    }
    parentPort.postMessage(names);
  `;
  const url = new URL(`data:text/javascript,${encodeURIComponent(code.replace('"trueup"', JSON.stringify(import.meta.resolve("trueup"))))}`);
  const run = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(url);
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  const results = await Promise.all(Array.from({ length: 6 }, run));
  for (const names of results) assert.ok(names.length === 150 && names.every((name) => name === "p-a"));
});

test("a worker that ends while it works takes nothing with it", async () => {
  const code = `
    import { Template } from ${JSON.stringify(import.meta.resolve("trueup"))};
    new Template("{{ range $i := until 100000 }}{{ range $j := until 1000 }}x{{ end }}{{ end }}", { functions: "sprig" }).render({}, { budget: 300000 }).catch(() => {});
    setTimeout(() => process.exit(0), 20);
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  await new Promise((resolve) => worker.once("exit", resolve));
  assert.deepEqual(yaml.parseSync("a: 1"), { a: 1 });
});
