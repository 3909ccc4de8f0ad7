import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { RequestError, Tree, json, patch, yaml } from "trueup";

const through = (value) => yaml.parseSync(yaml.dumpSync(value));
const refused = (value, message) =>
  assert.throws(() => yaml.dumpSync(value), (error) => error instanceof RequestError && message.test(error.message));

test("plain data goes there and back", () => {
  const value = { a: [1, 2.5, -0.5, "x", true, null, [], {}], b: { c: "ü\u{1F600}", d: "" } };
  assert.deepEqual(through(value), value);
});

test("integers of any size lose nothing", () => {
  const parsed = yaml.parseSync("a: 9007199254740991\nb: 9007199254740993\nc: -9223372036854775808\nd: 18446744073709551615\n");
  assert.deepEqual(parsed, {
    a: 9007199254740991,
    b: 9007199254740993n,
    c: -9223372036854775808n,
    d: 18446744073709551615n,
  });
  assert.equal(json.dumpSync({ a: 9007199254740993n, b: 5n }), '{"a":9007199254740993,"b":5}');
  const huge = 2n ** 1000n - 1n;
  for (const integer of [huge, -huge, 2n ** 64n, -(2n ** 63n) - 1n]) {
    const text = yaml.dumpSync({ integer }, { dialect: "kyaml" });
    assert.equal(text, `integer: ${integer}\n`);
    assert.deepEqual(yaml.parseSync(text, { dialect: "kyaml" }), { integer });
    assert.deepEqual(json.parseSync(`{"integer": ${integer}}`), { integer });
  }
});

test("numbers are integers where they can be", () => {
  assert.equal(json.dumpSync([1, 1e15, -0, 1.5, Number.MAX_SAFE_INTEGER]), "[1,1000000000000000,-0,1.5,9007199254740991]");
});

test("keys of the prototype are keys like any other", () => {
  for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const parsed = yaml.parseSync(`${key}: {polluted: true}\n`);
    assert.deepEqual(Object.keys(parsed), [key]);
    assert.equal(Object.getPrototypeOf(parsed), Object.prototype);
    assert.equal({}.polluted, undefined);
    assert.equal(yaml.dumpSync(parsed), `${key}:\n  polluted: true\n`);
  }
  const merged = patch.mergeApplySync({}, JSON.parse('{"__proto__": {"polluted": 1}}'));
  assert.deepEqual(Object.getOwnPropertyDescriptor(merged, "__proto__").value, { polluted: 1 });
  assert.equal(new Tree({ ["__proto__"]: "x" }).readText("__proto__"), "x");
});

test("what is undefined is left out, what is inherited is not looked at", () => {
  assert.equal(json.dumpSync({ a: undefined, b: [undefined, 1], c: null }), '{"b":[null,1],"c":null}');
  assert.equal(json.dumpSync(Object.assign(Object.create(null), { a: 1 })), '{"a":1}');
  assert.equal(json.dumpSync(vm.runInNewContext("({ a: [1] })")), '{"a":[1]}');
});

test("what is no data is refused, with its place", () => {
  refused({ a: [0, { b: () => 1 }] }, /`value\.a\[1\]\.b` is a function/);
  refused({ a: Symbol("x") }, /`value\.a` is a symbol/);
  refused({ a: new Date(0) }, /`value\.a` is an object of the class `Date`/);
  refused({ a: new Map() }, /class `Map`/);
  refused({ a: new (class Mine {})() }, /class `Mine`/);
  refused({ a: new Float64Array(1) }, /only Uint8Array/);
  refused({ a: Object.create({ inherited: 1 }) }, /no plain data/);
});

test("cycles and depth are refused", () => {
  const cycle = { a: [] };
  cycle.a.push(cycle);
  refused(cycle, /contains itself/);
  let deep = {};
  for (let level = 0; level < 100_000; level++) deep = { deep };
  refused(deep, /nested too deep/);
});

test("getters and proxies that throw are refused, and leave nothing behind", () => {
  refused({ get a() { throw new Error("no"); } }, /`value\.a` cannot be read/);
  refused(new Proxy({}, { ownKeys() { throw new Error("no"); } }), /cannot be read/);
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  refused({ a: revoked.proxy }, /cannot be read/);
  assert.equal(json.dumpSync(new Proxy({ a: 1 }, {})), '{"a":1}');
});

test("handles cannot be forged", () => {
  refused({ a: Object.create(Tree.prototype) }, /class `Tree`/);
  assert.throws(() => Tree.prototype.has.call({}, "x"));
  assert.throws(() => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(new Tree()), "has").value.call(new Map(), "x"));
});

test("bytes are text", () => {
  assert.deepEqual(yaml.parseSync(new TextEncoder().encode("a: ü\n")), { a: "ü" });
  assert.deepEqual(yaml.parseSync(Buffer.from("xxa: 1\n").subarray(2)), { a: 1 });
});

test("half a surrogate does no harm", () => {
  assert.equal(json.dumpSync("\ud800x"), '"\ufffdx"');
});

test("wrong requests say what is wrong", () => {
  assert.throws(() => yaml.parseSync("a: 1", { dialekt: "kyaml" }), /`dialekt` is not known here/);
  assert.throws(() => yaml.parseSync("a: 1", { dialect: "x" }), /`dialect` must not be `x`/);
  assert.throws(() => yaml.parseSync(), /`text` is missing/);
  assert.throws(() => yaml.parseSync("a", null), TypeError);
  assert.throws(() => yaml.parseSync("a", {}, {}), TypeError);
});
