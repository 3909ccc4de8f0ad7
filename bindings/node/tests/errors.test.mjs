import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as trueup from "trueup";

const { InternalError, MissingError, ParseError, Tree, TrueupError, kustomize, yaml } = trueup;
const required = createRequire(import.meta.url)("trueup");
const { call, callSync } = createRequire(import.meta.url)("../lib/call.js");

const caught = (work) => {
  try {
    work();
  } catch (error) {
    return error;
  }
  assert.fail("nothing was thrown");
};

test("both ways to load the package give the same objects", () => {
  assert.deepEqual(Object.keys(trueup).sort(), Object.keys(required).sort());
  for (const [name, value] of Object.entries(required)) assert.equal(trueup[name], value);
  assert.ok(caught(() => required.yaml.parseSync("a: [")) instanceof trueup.ParseError);
});

test("an error has everything", () => {
  const error = caught(() => yaml.parseSync("a: 1\nb: [\n", { file: "x.yaml" }));
  assert.ok(error instanceof ParseError && error instanceof TrueupError && error instanceof Error);
  assert.equal(error.name, "ParseError");
  assert.equal(error.code, "yaml/syntax");
  assert.deepEqual([error.file, error.line, error.column], ["x.yaml", 3, 1]);
  assert.deepEqual(error.related, []);
  assert.equal(error.diagnostics[0].code, error.code);
  assert.deepEqual(JSON.parse(JSON.stringify(error)), error.toJSON());
  assert.match(String(error), /^ParseError: x\.yaml:3:1: yaml: /);
  assert.match(error.stack, /errors\.test\.mjs/);
});

test("offsets count bytes, and UTF-16 units beside them", () => {
  const before = "# \u{1F600}ü\n";
  const text = `${before}a: [\n`;
  const error = caught(() => yaml.parseSync(text));
  const { start } = error.spans[0].span;
  assert.equal(Buffer.from(text).subarray(0, start.offset).toString().length, error.utf16Spans[0].start);
  assert.notEqual(start.offset, error.utf16Spans[0].start);
  const tree = new Tree({ "kustomization.yaml": `${before}namePrefux: x\n` });
  const unknown = caught(() => kustomize.buildSync(tree));
  const { start: from, end: to } = unknown.utf16Spans[0];
  assert.ok(tree.readText(unknown.file).slice(from, to).startsWith("namePrefux"), `${from} ${to}`);
});

test("what is missing is listed", () => {
  const tree = new Tree({ "kustomization.yaml": "resources: [https://github.com/example/base]\n" });
  const error = caught(() => kustomize.buildSync(tree));
  assert.ok(error instanceof MissingError);
  assert.equal(error.missing.length, 1);
  assert.equal(error.missing[0].kind, "remote");
});

test("promises are rejected with the same errors", async () => {
  await assert.rejects(yaml.parse("a: ["), (error) => error instanceof ParseError && error.line === 1);
  await assert.rejects(yaml.parse(() => 1), trueup.RequestError);
  await assert.rejects(Tree.fromDir("/nowhere/at/all"), (error) => error.code === "tree/read");
});

test("a panic is caught, and the engine goes on", async (t) => {
  // The message of the panic goes to stderr; the test is that the process lives.
  const before = caught(() => callSync("test.panic", {}));
  if (before.code === "api/request") return t.skip("the build has no operation that panics");
  assert.ok(before instanceof InternalError);
  assert.equal(before.code, "api/internal");
  await assert.rejects(call("test.panic", {}), InternalError);
  assert.deepEqual(yaml.parseSync("a: 1"), { a: 1 });
  assert.deepEqual(await yaml.parse("a: 1"), { a: 1 });
});
