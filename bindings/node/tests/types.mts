// What the types promise; `npm run types` checks it, nothing runs it.
import {
  Cancelled,
  type Diagnostic,
  type ErrorClass,
  type ErrorCode,
  type ErrorData,
  Manifest,
  Manifests,
  MissingError,
  Plan,
  Report,
  type ReportData,
  Template,
  Tree,
  TrueupError,
  appset,
  diff,
  health,
  json,
  kustomize,
  patch,
  preview,
  previewSync,
  source,
  sync,
  template,
  yaml,
} from "trueup";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(..._: Equal<A, B> extends true ? [] : [never]): void {}

const tree = await Tree.fromDir("configs", { lazy: true });
same<typeof tree, Tree>();
new Tree(new Map([["a", new Uint8Array()]]));
Tree.lazy({ read: (path) => (path === "a" ? "text" : undefined), list: () => [] });
tree.withChanges({ a: null, b: Buffer.from("x") });
// @ts-expect-error: content is text or bytes
new Tree({ a: 1 });

const manifests = await kustomize.build(tree, "app", { reorder: "none", signal: AbortSignal.timeout(1), budget: 5 });
same<typeof manifests, Manifests>();
for (const manifest of manifests) {
  same<typeof manifest, Manifest>();
  same<typeof manifest.origin, string>();
  same<typeof manifest.object, Record<string, any>>();
}
same<ReturnType<typeof kustomize.buildSync>, Manifests>();
// @ts-expect-error: there is no such order
await kustomize.build(tree, "app", { reorder: "alphabetical" });
// @ts-expect-error: there is no such option
await kustomize.build(tree, "app", { sorted: true });
// @ts-expect-error: what works on this thread cannot be stopped by an event
kustomize.buildSync(tree, "app", { signal: AbortSignal.timeout(1) });
// @ts-expect-error: operations make manifests
new Manifests();

const all = kustomize.buildAllSync(tree, { onProgress: ({ phase, done, total, subject }) => `${phase} ${done / total} ${subject}` });
same<(typeof all.manifests)[string], Manifests | undefined>;
const failed: ErrorData | undefined = all.errors["app"];
same<NonNullable<typeof failed>["code"], ErrorCode>();

yaml.parseSync("a: 1", { dialect: "kyaml", file: "a.yaml" });
yaml.parseSync(new Uint8Array());
same<ReturnType<typeof yaml.dumpSync>, string>();
same<ReturnType<typeof json.dump>, Promise<string>>();
interface Typed {
  apiVersion: string;
  kind: string;
}
const object: Typed = { apiVersion: "v1", kind: "Pod" };
same<ReturnType<typeof health.checkSync>, ReturnType<typeof health.checkSync>>();
health.checkSync(object);
patch.mergeApplySync(object, { kind: null });
diff.compareSync(manifests, [object], { application: object });
appset.evaluateSync(object, { facts: { clusters: [{ name: "a", server: "b" }] }, strict: false });
source.renderSync(object, { tree, repositories: { "https://git.example.com/x": tree } });
const parsed = template.parseSync("{{ 1 }}", { functions: "sprig" });
same<typeof parsed, Template>();
same<ReturnType<typeof parsed.renderSync>, string>();
const plan = sync.planSync(manifests, [], { now: 5n });
same<typeof plan, Plan>();
plan.steps.length satisfies number;

const report = await preview(tree, { live: { production: manifests }, now: 1 });
same<typeof report, Report>();
same<ReturnType<typeof report.toJSON>, ReportData>();
same<ReportData["applications"][number]["sync"], "Synced" | "OutOfSync" | "Unknown">();
same<ReportData["diagnostics"], Diagnostic[]>();
previewSync(tree, { live: [object] });

try {
  yaml.parseSync("[");
} catch (error) {
  if (error instanceof Cancelled) error.cause;
  if (error instanceof MissingError) same<typeof error.missing, Record<string, any>[]>();
  if (error instanceof TrueupError) {
    same<typeof error.line, number | null>();
    same<typeof error.name, ErrorClass | "TrueupError">();
    same<typeof error.code, ErrorCode>();
    const offset: number | undefined = error.spans[0]?.span?.start.offset;
    const utf16: number | undefined = error.utf16Spans[0]?.start;
    void [offset, utf16];
  }
}
// @ts-expect-error: only the engine makes errors
new TrueupError();
