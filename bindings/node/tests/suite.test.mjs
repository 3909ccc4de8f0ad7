// The suite in tests/api at the root of the repository, which Rust and Python run too. What its shapes mean is said in crates/trueup/tests/api.rs.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Tree, TrueupError } from "trueup";

// Every operation by its name, as the package itself calls them.
const { call, callSync } = createRequire(import.meta.url)("../lib/call.js");
const directory = new URL("../../../tests/api/", import.meta.url);

/** JSON with integers that no number can hold as bigints. */
function parse(text) {
  const told = text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') ? token : `{"$int":"${token}"}`,
  );
  return JSON.parse(told);
}

/** A request as it is written in the suite, as data. */
function data(json, known) {
  if (Array.isArray(json)) return json.map((item) => data(item, known));
  if (json === null || typeof json !== "object") return json;
  if (json.$tree) return new Tree(json.$tree);
  if (json.$ref) return reference(known[json.$ref], json.path);
  if (json.$bytes !== undefined) return new TextEncoder().encode(json.$bytes);
  if (json.$int !== undefined) return BigInt(json.$int);
  if (json.$repeat) return json.$repeat[0].repeat(json.$repeat[1]);
  return entries(json, (item) => data(item, known));
}

function reference(answer, path) {
  if (!path) return answer;
  return path.reduce((value, key) => value[key], typeof answer.toJSON === "function" ? answer.toJSON() : answer);
}

/** Maps the values of an object; `__proto__` is a key like any other. */
function entries(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, change(item)]));
}

/** What came, as the suite writes it: integers that no number can hold by their digits. */
function told(value) {
  if (typeof value === "bigint") return { $int: String(value) };
  if (Array.isArray(value)) return value.map(told);
  return value !== null && typeof value === "object" ? entries(value, told) : value;
}

async function outcome(test, run) {
  try {
    const known = {};
    for (const [name, step] of Object.entries(test.let ?? {})) {
      known[name] = await run(step.operation, data(step.request, known));
    }
    const answer = await run(test.operation, data(test.request, known));
    return { answer: told(callSync("data.plain", { value: answer })) };
  } catch (error) {
    if (!(error instanceof TrueupError)) throw error;
    return { error: told(error.toJSON()) };
  }
}

let count = 0;
for (const file of readdirSync(directory).filter((name) => name.endsWith(".json"))) {
  for (const one of parse(readFileSync(new URL(file, directory), "utf8"))) {
    const { answer, error } = one;
    const expected = error === undefined ? { answer } : { error };
    for (const [form, run] of [["sync", callSync], ["promise", call]]) {
      count += 1;
      test(`${file}: ${one.name} (${form})`, async () => assert.deepEqual(await outcome(one, run), expected));
    }
  }
}

test("the suite was found", () => assert.ok(count > 200, `only ${count} cases`));
