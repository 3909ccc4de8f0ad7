// The package as people get it: packed, installed into an empty project, loaded both ways, and used as its documentation says.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
const root = join(here, "..", "..");
let project;

const npm = (cwd, ...values) => execFileSync("npm", values, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** Runs a program in the project. */
function run(program, ...values) {
  const options = typeof values.at(-1) === "object" ? values.pop() : {};
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...values], { cwd: project, encoding: "utf8", ...options });
  return { status, stdout, stderr };
}

before(() => {
  project = mkdtempSync(join(tmpdir(), "trueup-project-"));
  const packed = npm(here, "pack", "--silent", "--pack-destination", project).trim().split("\n").at(-1);
  writeFileSync(join(project, "package.json"), '{"name": "project", "private": true}');
  npm(project, "install", "--offline", "--no-audit", "--no-fund", "--silent", join(project, packed));
});
after(() => rmSync(project, { recursive: true, force: true }));

test("it holds what it should and no more", () => {
  const installed = readdirSync(join(project, "node_modules", "trueup")).sort();
  const addon = installed.filter((name) => name.endsWith(".node"));
  assert.equal(addon.length, 1);
  const expected = [...addon, "README.md", "bin", "index.d.mts", "index.d.ts", "index.js", "index.mjs", "lib", "package.json"];
  assert.deepEqual(installed, expected.sort());
});

test("import and require give one package", () => {
  writeFileSync(
    join(project, "both.mjs"),
    `import assert from "node:assert";
     import { createRequire } from "node:module";
     import { ParseError, yaml } from "trueup";
     const required = createRequire(import.meta.url)("trueup");
     assert.equal(required.ParseError, ParseError);
     assert.throws(() => required.yaml.parseSync("["), ParseError);
     await assert.rejects(yaml.parse("["), required.ParseError);`,
  );
  assert.deepEqual(run("both.mjs"), { status: 0, stdout: "", stderr: "" });
});

test("npx trueup is the command line", () => {
  mkdirSync(join(project, "app"));
  writeFileSync(join(project, "app", "kustomization.yaml"), "namePrefix: p-\nresources: [a.yaml]\n");
  writeFileSync(join(project, "app", "a.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
  const expected = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: p-a\n";
  assert.equal(npm(project, "exec", "--offline", "--", "trueup", "build", "app"), expected);
  const command = join("node_modules", "trueup", "bin", "trueup.js");
  assert.equal(run(command, "build", "app").stdout, expected);
  const failed = run(command, "build", "nowhere");
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /^error\[/);
  assert.equal(run(command, "no-such-command").status, 2);
});

/** The code blocks of a language in a Markdown file. */
function blocks(file, languages) {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, language]) => languages.includes(language)).map(([, , code]) => code);
}

const documents = ["README.md", "bindings/node/README.md"];
if (existsSync(join(root, "docs"))) {
  documents.push(...readdirSync(join(root, "docs"), { recursive: true }).filter((name) => name.endsWith(".md")).map((name) => join("docs", name)));
}
for (const document of documents) {
  for (const [at, code] of blocks(join(root, document), ["js", "javascript", "mjs"]).entries()) {
    test(`${document}: block ${at + 1} runs`, () => {
      writeFileSync(join(project, "block.mjs"), code);
      const { status, stdout, stderr } = run(join(project, "block.mjs"), { cwd: join(root, "examples") });
      assert.equal(status, 0, stderr);
      // What a comment with an arrow says is printed, in that order.
      const told = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text]) => text);
      const rest = told.reduce((rest, text) => {
        assert.ok(rest.includes(text), `${text} is not in ${stdout}`);
        return rest.slice(rest.indexOf(text) + text.length);
      }, stdout);
      assert.equal(typeof rest, "string");
    });
  }
}

test("the example comments a pull request", () => {
  const configs = join(root, "examples", "platform-configs");
  const [base, head] = ["base", "head"].map((name) => join(project, name));
  for (const copy of [base, head]) cpSync(configs, copy, { recursive: true });
  const change = (file, edit) => writeFileSync(join(head, file), edit(readFileSync(join(head, file), "utf8")));
  const [service, other] = readdirSync(join(head, "services")).sort();
  change(`services/${service}/overlays/production/kustomization.yaml`, (text) => `${text}\ncommonAnnotations:\n  changed: "yes"\n`);
  change(`services/${other}/overlays/production/kustomization.yaml`, (text) => `${text}\n# broken\nresource: [x]\n`);
  cpSync(join(root, "examples", "node", "pull-request-comment.mjs"), join(project, "pull-request-comment.mjs"));
  const { status, stdout } = run("pull-request-comment.mjs", base, head);
  assert.equal(status, 1, stdout);
  assert.match(stdout, /\*\*1 cannot be built\*\*/);
  assert.ok(stdout.includes(`\`services/${other}/overlays/production\` (broken by this pull request)`), stdout);
  assert.match(stdout, new RegExp(`<code>services/${service}/overlays/production</code>: \\d+ changed`));
  assert.match(stdout, /^\+ +changed: ["']?yes/m);
  const same = run("pull-request-comment.mjs", base, base);
  assert.deepEqual(same, { status: 0, stdout: "### Manifests\n\nNothing changes.\n", stderr: "" });
});

test("it loads fast enough", () => {
  // Not a matter of milliseconds, which are the bench's: that nothing heavy happens when it is loaded.
  writeFileSync(join(project, "load.cjs"), 'const { performance: p } = require("perf_hooks"); const b = process.cpuUsage(); require("trueup"); console.log(process.cpuUsage(b).user);');
  assert.ok(Number(run("load.cjs").stdout) < 500_000);
});
