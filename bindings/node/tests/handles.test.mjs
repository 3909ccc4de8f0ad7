import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";
import { test } from "node:test";
import { inspect } from "node:util";
import { pathToFileURL } from "node:url";
import { Comparison, Manifest, Manifests, Plan, Report, Template, Tree, diff, kustomize, preview, previewSync, sync } from "trueup";

const { call } = createRequire(import.meta.url)("../lib/call.js");

const FILES = {
  "app/kustomization.yaml": "namePrefix: demo-\nresources: [web.yaml]\n",
  "app/web.yaml":
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec: {replicas: 2, template: {spec: {containers: [{name: app, image: 'web:1'}]}}}\n",
  "apps/web.yaml":
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec:\n  project: default\n  source: {repoURL: 'https://git.example.com/configs', path: app, targetRevision: HEAD}\n  destination: {server: 'https://kubernetes.default.svc', namespace: shop}\n",
};

test("a tree is a value", () => {
  const tree = new Tree(new Map(Object.entries(FILES)));
  assert.deepEqual(tree.files("app"), ["app/kustomization.yaml", "app/web.yaml"]);
  assert.deepEqual(tree.list(), ["app", "apps"]);
  assert.ok(tree.has("app/web.yaml") && !tree.has("app"));
  const changed = tree.withChanges({ "app/new.yaml": Buffer.from("a: 1\n"), apps: null });
  assert.deepEqual(changed.list(), ["app"]);
  assert.equal(changed.readText("app/new.yaml"), "a: 1\n");
  assert.ok(!tree.has("app/new.yaml") && tree.has("apps/web.yaml"));
  assert.equal(inspect(tree), "Tree [app, apps]");
  assert.throws(() => new Tree({ "../x": "" }), /ParseError|path/);
});

test("a directory is read without following links out of it", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "trueup-node-"));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "app"));
  for (const name of ["kustomization.yaml", "web.yaml"]) writeFileSync(join(root, "app", name), FILES[`app/${name}`]);
  symlinkSync("/etc/hostname", join(root, "out"));
  symlinkSync("app/web.yaml", join(root, "in"));
  const expected = kustomize.buildSync(new Tree(FILES), "app").toYAML();
  const trees = [Tree.fromDirSync(root), await Tree.fromDir(pathToFileURL(root)), Tree.fromDirSync(root, { lazy: true })];
  for (const tree of trees) {
    assert.equal(kustomize.buildSync(tree, "app").toYAML(), expected);
    assert.equal(tree.readText("in"), FILES["app/web.yaml"]);
    assert.throws(() => tree.read("out"));
  }
});

test("a lazy tree is asked for what is needed, once, from every kind of call", async () => {
  const asked = [];
  const lazy = () => {
    const under = new Tree(FILES);
    return Tree.lazy({
      read: (path) => (asked.push(path), under.has(path) ? under.read(path) : undefined),
      list: (directory) => { try { return under.list(directory); } catch { return []; } },
    });
  };
  const expected = kustomize.buildSync(new Tree(FILES), "app").toYAML();
  const tree = lazy();
  assert.equal(kustomize.buildSync(tree, "app").toYAML(), expected);
  assert.equal(new Set(asked).size, asked.length);
  assert.ok(!asked.includes("apps/web.yaml"));
  assert.equal(kustomize.buildAllSync(lazy()).manifests.app.toYAML(), expected);
  assert.equal((await kustomize.build(lazy(), "app")).toYAML(), expected);
  const shared = lazy();
  const promise = kustomize.buildAll(shared);
  assert.equal(kustomize.buildAllSync(shared).manifests.app.toYAML(), expected);
  assert.equal((await promise).manifests.app.toYAML(), expected);
});

test("what a loader throws is told", async () => {
  const read = () => {
    throw new Error("the disk is gone");
  };
  const tree = Tree.lazy({ read, list: () => [] });
  assert.throws(() => tree.read("x"), /the disk is gone/);
  await assert.rejects(call("tree.read", { tree: Tree.lazy({ read, list: () => [] }), path: "x" }), /the disk is gone/);
  const late = Tree.lazy({ read: async () => "x", list: () => [] });
  assert.throws(() => late.read("x"), /at once/);
  const wrong = Tree.lazy({ read: () => 5, list: () => [] });
  assert.throws(() => wrong.read("x"), /string, bytes or null/);
});

test("manifests are lazy and tell where they come from", async () => {
  const manifests = await kustomize.build(new Tree(FILES), "app");
  assert.ok(manifests instanceof Manifests);
  assert.equal(manifests.length, 1);
  const [manifest] = manifests;
  assert.ok(manifest instanceof Manifest);
  assert.deepEqual(
    [manifest.apiVersion, manifest.kind, manifest.name, manifest.namespace, manifest.origin],
    ["apps/v1", "Deployment", "demo-web", "shop", "app/web.yaml:1"],
  );
  assert.equal(manifest.get("spec", "replicas"), 2);
  assert.equal(manifest.get("spec", "template", "spec", "containers", 0, "image"), "web:1");
  assert.equal(manifest.get("spec", "nothing"), undefined);
  assert.equal(manifest.object, manifest.object);
  assert.equal(manifest.object.spec.replicas, 2);
  assert.deepEqual(JSON.parse(JSON.stringify(manifests)), [manifest.object]);
  assert.equal(manifests.toYAML(), manifest.toYAML());
  assert.equal(manifests.at(-1).name, "demo-web");
  assert.equal(manifests.at(1), null);
  assert.equal(inspect(manifest), "Manifest Deployment shop/demo-web from app/web.yaml:1");
  assert.throws(() => new Manifests(), TypeError);
});

test("a template is parsed once and rendered often", async () => {
  const template = new Template("{{ .name | upper }}", { functions: "sprig", name: "t" });
  assert.equal(template.renderSync({ name: "a" }), "A");
  assert.equal(await template.render({ name: "b" }), "B");
  assert.deepEqual([template.name, template.text], ["t", "{{ .name | upper }}"]);
  assert.throws(() => new Template("{{", {}), /template/);
});

test("documents are data, text, Markdown and HTML", async () => {
  const tree = new Tree(FILES);
  const desired = kustomize.buildSync(tree, "app");
  const live = [{ ...desired.at(0).object, spec: { ...desired.at(0).object.spec, replicas: 5 } }];
  const report = await preview(tree, { live, urls: ["https://git.example.com/configs"] });
  assert.ok(report instanceof Report);
  assert.equal(report.applications[0].sync, "OutOfSync");
  assert.deepEqual(report.toJSON().applications, report.applications);
  assert.match(report.toMarkdown(), /demo-web/);
  assert.match(report.toText(), /spec\.replicas/);
  assert.match(report.toHTML(), /^<div/);
  assert.deepEqual(previewSync(tree, { live, urls: ["https://git.example.com/configs"] }).toJSON(), report.toJSON());
  const comparison = diff.compareSync(desired, live);
  assert.ok(comparison instanceof Comparison && !(comparison instanceof Report));
  assert.equal(comparison.status, "OutOfSync");
  const plan = sync.planSync(desired, []);
  assert.ok(plan instanceof Plan);
  assert.equal(plan.steps.length, 1);
  assert.match(inspect(plan), /^Plan 1 steps/);
});
