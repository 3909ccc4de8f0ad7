"use strict";
// A function an operation, twice: `kustomize.build` gives a promise and works on another thread, `kustomize.buildSync` does not.

const native = require("./native.js");
const { call, callSync, split } = require("./call.js");

/** Areas whose operations are methods of a class. */
const HIDDEN = new Set(["tree", "data"]);

const camelCase = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/** Makes a function that takes the leading fields of a request as arguments, and the others as options. */
function operation({ name, leading }, run) {
  const prepare = (values) => {
    const request = {};
    leading.forEach((key, position) => (request[key] = values[position]));
    if (values.length > leading.length + 1) throw new TypeError(`${name} takes ${leading.length} arguments and options`);
    return [request, split(values[leading.length], request)];
  };
  return run === callSync
    ? (...values) => callSync(name, ...prepare(values))
    : async (...values) => call(name, ...prepare(values));
}

function named(name, fn) {
  return Object.defineProperty(fn, "name", { value: name });
}

const namespaces = {};
for (const described of native.operations()) {
  const parts = described.name.split(".");
  if (HIDDEN.has(parts[0])) continue;
  const verb = camelCase(parts.at(-1));
  const owner = parts.length > 1 ? (namespaces[parts[0]] ??= {}) : namespaces;
  owner[verb] = named(verb, operation(described, call));
  owner[`${verb}Sync`] = named(`${verb}Sync`, operation(described, callSync));
}
for (const area of Object.values(namespaces)) Object.freeze(area);

module.exports = namespaces;
