"use strict";
// The handles. Their content lives in Rust; the classes here are the parents of the addon's, so that `instanceof` and `new` do what people expect.

const { fileURLToPath } = require("node:url");
const native = require("./native.js");
const { unwrap } = require("./errors.js");
const { call, callSync, split } = require("./call.js");

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** Makes a class of the addon a child of one from here. */
function adopt(child, parent) {
  Object.setPrototypeOf(child.prototype, parent.prototype);
  Object.defineProperty(child.prototype, "constructor", { value: parent, configurable: true, writable: true });
}

/** A path as a string, also from a `file:` URL. */
const pathOf = (path) => (path instanceof URL ? fileURLToPath(path) : path);

const plainFiles = (files) => (files instanceof Map ? Object.fromEntries(files) : files);

class Tree {
  constructor(files = {}) {
    return callSync("tree.new", { files: plainFiles(files) });
  }

  static async fromDir(path, { lazy = false } = {}) {
    return unwrap(await native.readTreeLater(pathOf(path), lazy));
  }

  static fromDirSync(path, { lazy = false } = {}) {
    return unwrap(native.readTree(pathOf(path), lazy));
  }

  static lazy({ read, list }) {
    if (typeof read !== "function" || typeof list !== "function") throw new TypeError("read and list must be functions");
    const atOnce = (answer) => {
      if (typeof answer?.then === "function") throw new TypeError("a lazy tree must be answered at once, not with a promise");
      return answer;
    };
    const entry = (path) => atOnce(read(path)) ?? (atOnce(list(path)).length > 0 ? true : null);
    return unwrap(
      native.lazyTree((what, path) => {
        try {
          return what === "entry" ? entry(path) : [...atOnce(list(path))];
        } catch (error) {
          return { error: String(error?.message ?? error) };
        }
      }),
    );
  }

  read(path) {
    return callSync("tree.read", { tree: this, path });
  }

  readText(path) {
    return new TextDecoder().decode(this.read(path));
  }

  files(directory = "") {
    return callSync("tree.files", { tree: this, directory });
  }

  list(directory = "") {
    return callSync("tree.list", { tree: this, directory });
  }

  withChanges(changes) {
    return callSync("tree.with_changes", { tree: this, changes: plainFiles(changes) });
  }

  withMounts(mounts) {
    return callSync("tree.with_mounts", { tree: this, mounts: plainFiles(mounts) });
  }

  [inspect]() {
    const names = this.list();
    return `Tree [${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}]`;
  }
}
adopt(native.Tree, Tree);

class Template {
  constructor(text, options = undefined) {
    const request = { text };
    return callSync("template.parse", request, split(options, request));
  }

  async render(data, options = undefined) {
    const request = { template: this, data };
    return call("template.render", request, split(options, request));
  }

  renderSync(data, options = undefined) {
    const request = { template: this, data };
    return callSync("template.render", request, split(options, request));
  }

  [inspect]() {
    return `Template ${JSON.stringify(this.name)}`;
  }
}
adopt(native.Template, Template);

/** For classes that only operations make. */
class Handle {
  constructor() {
    throw new TypeError("operations make these; there is no constructor");
  }
}

class Manifests extends Handle {
  *[Symbol.iterator]() {
    for (let position = 0; position < this.length; position++) yield this.at(position);
  }

  toYAML() {
    return unwrap(this.yamlText());
  }

  toJSON() {
    return this.objects();
  }

  [inspect]() {
    const shown = [...this].slice(0, 5).map((manifest) => `${manifest.kind} ${manifest.name}`);
    return `Manifests(${this.length}) [${shown.join(", ")}${this.length > 5 ? ", …" : ""}]`;
  }
}
adopt(native.Manifests, Manifests);

class Manifest extends Handle {
  get object() {
    const value = this.content();
    Object.defineProperty(this, "object", { value, enumerable: true });
    return value;
  }

  get(...path) {
    return this.find(path);
  }

  toYAML() {
    return unwrap(this.yamlText());
  }

  toJSON() {
    return this.content();
  }

  [inspect]() {
    const name = this.namespace ? `${this.namespace}/${this.name}` : this.name;
    return `Manifest ${this.kind} ${name}${this.origin && ` from ${this.origin}`}`;
  }
}
adopt(native.Manifest, Manifest);

class Document extends Handle {
  toJSON() {
    return this.content();
  }

  [inspect]() {
    return `${this.constructor.name} ${this.inShort()}`;
  }
}
class Report extends Document {}
class Comparison extends Document {}
class Plan extends Document {}
for (const Class of [Report, Comparison, Plan]) {
  adopt(native[Class.name], Class);
  for (const key of native.documentKeys(Class.name)) {
    const get = function () {
      return this.field(key);
    };
    Object.defineProperty(Class.prototype, key, { get, enumerable: true, configurable: true });
  }
}

module.exports = { Tree, Template, Manifests, Manifest, Report, Comparison, Plan };
