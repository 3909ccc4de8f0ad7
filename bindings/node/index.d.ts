// Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.

/**
 * An embeddable GitOps engine: what should run, how it differs from what runs, in which order it is made so, and why.
 *
 * Every operation is there twice. `kustomize.build` gives a promise: the work is done on another thread, can be stopped while it runs, and
 * the event loop goes on; prefer it in servers, and for anything that may take more than a few milliseconds. `kustomize.buildSync` works on
 * the calling thread: it is faster for small things, and the simpler choice in scripts and worker threads.
 *
 * Plain data are objects, arrays, strings, numbers, booleans and null. Integers beyond `Number.MAX_SAFE_INTEGER` are bigints, in both
 * directions, and lose nothing. Properties that are undefined are left out. Whatever else is no data: functions, symbols, dates and
 * instances of classes are a `RequestError`.
 *
 * @module
 */

/** How far a call is. */
export interface Progress {
  /** What is done: `build`, `render`, … */
  phase: string;
  /** How much of it is done. */
  done: number;
  /** How much there is to do. */
  total: number;
  /** What was done last. */
  subject: string;
}

/** What every call may be given besides its request. */
export interface CallSyncOptions {
  /** Is told how far the call is, at most about a hundred times a phase. What it throws stops the call, which then throws that. */
  onProgress?: (progress: Progress) => void;
  /** How many steps the engine may take; the call is `Cancelled` at the next one, on every machine alike. */
  budget?: number;
}

/** What every call that gives a promise may be given besides its request. */
export interface CallOptions extends CallSyncOptions {
  /** Stops the call, even while it runs; the promise is then rejected with `Cancelled`, whose `cause` is the signal's reason. */
  signal?: AbortSignal;
}

/** The content of files by their path. */
export type Files = { readonly [path: string]: string | Uint8Array } | ReadonlyMap<string, string | Uint8Array>;

/** New content of files by their path; null takes a path away with everything below it. */
export type Changes =
  | { readonly [path: string]: string | Uint8Array | null }
  | ReadonlyMap<string, string | Uint8Array | null>;

/** A file tree: a value that never changes. Builds of several of its directories share what they have in common. */
export class Tree {
  /** Makes a tree of files in memory. Paths are relative to its root; one that leaves it is an error. */
  constructor(files?: Files);

  /**
   * Reads a directory with everything below it but `.git`, without following links out of it.
   *
   * With `lazy`, files are read when they are needed, each at most once.
   */
  static fromDir(path: string | URL, options?: { lazy?: boolean }): Promise<Tree>;

  /** Reads a directory on the calling thread; see {@link Tree.fromDir}. */
  static fromDirSync(path: string | URL, options?: { lazy?: boolean }): Tree;

  /**
   * Returns a tree that asks for its files as they are needed, each path at most once.
   *
   * Both functions must answer at once. They are called on this thread, also while a call works on others.
   */
  static lazy(source: {
    /** The content of a file; null or undefined if there is none. */
    read: (path: string) => string | Uint8Array | null | undefined;
    /** The names in a directory; empty if there is none. */
    list: (directory: string) => Iterable<string>;
  }): Tree;

  /** Returns the bytes of a file, following symbolic links inside the tree. */
  read(path: string): Uint8Array;

  /** Returns the text of a file. */
  readText(path: string): string;

  /** Tells whether there is a file at a path. */
  has(path: string): boolean;

  /** Returns the paths of all files below a directory, sorted. */
  files(directory?: string): string[];

  /** Returns the names directly inside a directory, sorted. */
  list(directory?: string): string[];

  /** Returns a new tree with changes. */
  withChanges(changes: Changes): Tree;

  /** Returns a new tree that answers for remote ones: other repositories and remote bases, by their URL. */
  withMounts(mounts: { readonly [url: string]: Tree } | ReadonlyMap<string, Tree>): Tree;
}

/** A parsed Go template. */
export class Template {
  /** Parses a template once, to be rendered often. */
  constructor(text: string, options?: TemplateParseOptions);

  /** The name, for errors. */
  readonly name: string;

  /** The text it was parsed from. */
  readonly text: string;

  /** Renders it with data, the `.` of the template. */
  render(data: unknown, options?: TemplateRenderOptions & CallOptions): Promise<string>;

  /** Renders it on the calling thread. */
  renderSync(data: unknown, options?: TemplateRenderOptions & CallSyncOptions): string;
}

/** The manifests of a build, in order. */
export class Manifests implements Iterable<Manifest> {
  protected constructor();

  /** How many there are. */
  readonly length: number;

  /** What was worth knowing. */
  readonly warnings: Diagnostic[];

  /** Returns the manifest at a position, from the end if it is negative. */
  at(position: number): Manifest | null;

  [Symbol.iterator](): IterableIterator<Manifest>;

  /** Returns exactly what `kustomize build` prints for them. */
  toYAML(): string;

  /** Returns the objects. */
  toJSON(): Record<string, any>[];
}

/** One manifest. What is not asked for is not converted. */
export class Manifest {
  protected constructor();

  /** `apiVersion`; empty if it has none. */
  readonly apiVersion: string;

  /** `kind`; empty if it has none. */
  readonly kind: string;

  /** `metadata.name`; empty if it has none. */
  readonly name: string;

  /** `metadata.namespace`; empty if it has none. */
  readonly namespace: string;

  /** The file, with its line if it is known, that declares it; empty if nobody knows. */
  readonly origin: string;

  /** The whole object, converted when it is first asked for. Changes to it do not change the manifest. */
  readonly object: Record<string, any>;

  /** Returns what stands at a path of keys and positions, such as `get("spec", "replicas")`; undefined if there is nothing. */
  get(...path: (string | number)[]): any;

  /** Returns it as kustomize writes manifests. */
  toYAML(): string;

  /** Returns a new copy of the object. */
  toJSON(): Record<string, any>;
}

/** What an engine found: its data, key by key and converted when it is asked for, and its texts. */
declare class Document<Data> {
  protected constructor();

  /** Returns it as text for people. */
  toText(): string;

  /** Returns it as Markdown: of a report what a pull request wants to see, of others their text in a fence. */
  toMarkdown(): string;

  /** Returns it as HTML. Nothing in it is taken from the input without being escaped. */
  toHTML(): string;

  /** Returns what it says as plain data. */
  toJSON(): Data;
}

/** What a preview of a repository found. */
export class Report extends Document<ReportData> {}
export interface Report extends Readonly<ReportData> {}

/** What differs between what is desired and what there is. Secrets are masked. */
export class Comparison extends Document<ComparisonData> {}
export interface Comparison extends Readonly<ComparisonData> {}

/** What a sync would do, step by step. */
export class Plan extends Document<PlanData> {}
export interface Plan extends Readonly<PlanData> {}

/** Every error of trueup. */
export class TrueupError extends Error {
  protected constructor();

  /** The name of the class. */
  readonly name: ErrorClass | "TrueupError";

  /** A stable code, `area/what-is-wrong`. */
  readonly code: ErrorCode;

  /** What would help, if it is known. */
  readonly help: string | null;

  /** The file, as a path in its tree. */
  readonly file: string | null;

  /** Line, from 1. */
  readonly line: number | null;

  /** Column in characters, from 1. */
  readonly column: number | null;

  /** Every place that has to do with it, the most telling first. Offsets count bytes. */
  readonly spans: Location[];

  /** The same places in UTF-16 units, as JavaScript counts; null where the text is not known. */
  readonly utf16Spans: ({ start: number; end: number } | null)[];

  /** How we came here, and whatever else belongs to it. */
  readonly related: string[];

  /** Everything that went wrong, this first. */
  readonly diagnostics: Diagnostic[];

  /** What the host must supply before it asks again. */
  readonly missing: Record<string, any>[];

  /** Returns everything as plain data. */
  toJSON(): ErrorData;
}

/** The call itself is wrong: an unknown key, a value of the wrong type. */
export class RequestError extends TrueupError {}

/** A text or an object cannot be read. */
export class ParseError extends TrueupError {}

/** Everything can be read, and yet there is no result. */
export class RenderError extends TrueupError {}

/** A limit was reached. */
export class LimitError extends TrueupError {}

/** Something that trueup does not do. */
export class UnsupportedError extends TrueupError {}

/** Something that only the host can supply: a repository, a fact. `missing` lists it. */
export class MissingError extends TrueupError {}

/** The work was stopped. */
export class Cancelled extends TrueupError {}

/** A mistake of trueup's own. The engine is usable all the same. */
export class InternalError extends TrueupError {}

/** The names of the classes of errors. */
export type ErrorClass = "RequestError" | "ParseError" | "RenderError" | "LimitError" | "UnsupportedError" | "MissingError" | "Cancelled" | "InternalError";

/** What is wrong. A code never changes its meaning; any version may add some. */
export type ErrorCode =
  | "api/internal"
  | "api/request"
  | "appset/ambiguous-key"
  | "appset/bad-pattern"
  | "appset/cancelled"
  | "appset/document"
  | "appset/duplicate-name"
  | "appset/generate"
  | "appset/limit"
  | "appset/outside-project"
  | "appset/panic"
  | "appset/pattern-matches-git"
  | "appset/render"
  | "appset/shared-objects"
  | "appset/templated-project"
  | "appset/unknown-facts"
  | "appset/unrecognized-generator"
  | "appset/unsupported"
  | "atlantis/bad-pattern"
  | "atlantis/bad-workspace"
  | "atlantis/dependency-cycle"
  | "atlantis/dependency-in-later-group"
  | "atlantis/dependency-in-same-group"
  | "atlantis/duplicate-project"
  | "atlantis/idle-exclusion"
  | "atlantis/ignored-key"
  | "atlantis/invalid-value"
  | "atlantis/not-allowed"
  | "atlantis/shape"
  | "atlantis/syntax"
  | "atlantis/undefined-workflow"
  | "atlantis/unknown-dependency"
  | "atlantis/unknown-mode"
  | "atlantis/unreadable-module"
  | "backup/cascading-delete"
  | "backup/plain-secret"
  | "backup/prunes-empty"
  | "backup/secrets-in-clear"
  | "backup/unknown-destination"
  | "diff/apply"
  | "diff/bad-jq"
  | "diff/bad-last-applied"
  | "diff/bad-managed-fields"
  | "diff/bad-metadata"
  | "diff/bad-setting"
  | "diff/both-absent"
  | "diff/dry-run-without-owner"
  | "diff/excluded-resource"
  | "diff/incomplete-object"
  | "diff/json-merge"
  | "diff/no-defaults"
  | "diff/no-dry-run"
  | "diff/not-an-object"
  | "diff/orphaned-resources"
  | "diff/repeated-resource"
  | "diff/rules"
  | "diff/strategic-merge"
  | "diff/tracking"
  | "diff/wrong-type"
  | "hcl/encoding"
  | "hcl/limit"
  | "hcl/syntax"
  | "health/bad-script"
  | "health/bad-setting"
  | "health/check-failed"
  | "health/never-healthy"
  | "helm/cancelled"
  | "helm/failed"
  | "helm/incompatible-kubernetes"
  | "helm/invalid-archive"
  | "helm/invalid-chart"
  | "helm/invalid-manifest"
  | "helm/invalid-option"
  | "helm/invalid-values"
  | "helm/limit"
  | "helm/missing-dependency"
  | "helm/schema"
  | "helm/template"
  | "helm/template-syntax"
  | "helm/unsupported"
  | "json/syntax"
  | "kustomize/ambiguous-reference"
  | "kustomize/cancelled"
  | "kustomize/configuration"
  | "kustomize/cycle"
  | "kustomize/deprecated-field"
  | "kustomize/function"
  | "kustomize/generator"
  | "kustomize/id-conflict"
  | "kustomize/invalid-kustomization"
  | "kustomize/invalid-manifest"
  | "kustomize/limit"
  | "kustomize/load-restriction"
  | "kustomize/missing-kustomization"
  | "kustomize/missing-remote"
  | "kustomize/missing-resource"
  | "kustomize/not-found"
  | "kustomize/output"
  | "kustomize/patch"
  | "kustomize/replacement"
  | "kustomize/transformer"
  | "kustomize/unsupported"
  | "kustomize/unused-vars"
  | "kustomize/variable"
  | "patch/json"
  | "patch/merge"
  | "patch/strategic"
  | "patch/unsupported"
  | "promotion/anchor-or-alias"
  | "promotion/deprecated-field"
  | "promotion/existing-number-tag"
  | "promotion/flow-root"
  | "promotion/hook-not-undone"
  | "promotion/image-not-in-source"
  | "promotion/immutable-field"
  | "promotion/invalid-annotation-argument"
  | "promotion/invalid-edit"
  | "promotion/invalid-image-argument"
  | "promotion/invalid-label-argument"
  | "promotion/invalid-namespace"
  | "promotion/invalid-replicas-argument"
  | "promotion/label-in-selectors"
  | "promotion/multiple-documents"
  | "promotion/not-a-mapping"
  | "promotion/not-in-previous-environment"
  | "promotion/nothing-to-promote"
  | "promotion/removes-definition"
  | "promotion/removes-namespace"
  | "promotion/rollback-conflict"
  | "promotion/several-names"
  | "promotion/shrinking-volume"
  | "promotion/skipped-environment"
  | "promotion/unknown-environment"
  | "promotion/unknown-image"
  | "promotion/unsupported"
  | "promotion/wrong-type"
  | "rollouts/canary-in-name-only"
  | "rollouts/duration"
  | "rollouts/empty-step"
  | "rollouts/invalid-spec"
  | "rollouts/missing-analysis-template"
  | "rollouts/missing-service"
  | "rollouts/not-a-rollout"
  | "rollouts/out-of-range"
  | "rollouts/replicas-owned-twice"
  | "rollouts/same-pods"
  | "rollouts/service-selector"
  | "rollouts/strategy"
  | "rollouts/weights-not-ascending"
  | "rollouts/wrong-type"
  | "secrets/age-identity"
  | "secrets/auth"
  | "secrets/es-api-version-not-served"
  | "secrets/es-datafrom-exactly-one"
  | "secrets/es-duplicate-key"
  | "secrets/es-duplicate-target"
  | "secrets/es-empty"
  | "secrets/es-invalid-creation-policy"
  | "secrets/es-invalid-deletion-policy"
  | "secrets/es-invalid-policy-combination"
  | "secrets/es-invalid-refresh-interval"
  | "secrets/es-invalid-refresh-policy"
  | "secrets/es-invalid-store-kind"
  | "secrets/es-missing-remote-key"
  | "secrets/es-missing-store"
  | "secrets/es-template-literal"
  | "secrets/expected-encrypted"
  | "secrets/format"
  | "secrets/key"
  | "secrets/mac-mismatch"
  | "secrets/no-matching-identity"
  | "secrets/plaintext-secret"
  | "secrets/private-key-material"
  | "secrets/sealed-deprecated-data"
  | "secrets/sealed-empty"
  | "secrets/sealed-invalid-ciphertext"
  | "secrets/sealed-scope-conflict"
  | "secrets/sealed-scope-mismatch"
  | "secrets/sealed-scope-needs-namespace"
  | "secrets/sealed-template-literal"
  | "secrets/sealed-template-name-ignored"
  | "secrets/secret-data-not-base64"
  | "secrets/secret-generator-plaintext"
  | "secrets/secret-in-annotation"
  | "secrets/secret-key-not-provided"
  | "secrets/sops-missing-mac"
  | "secrets/sops-no-recipients"
  | "secrets/sops-plaintext-value"
  | "secrets/sops-recipient-not-allowed"
  | "secrets/suspicious-config-value"
  | "secrets/suspicious-env-value"
  | "secrets/type"
  | "secrets/unreadable-document"
  | "secrets/unseal"
  | "secrets/unsupported"
  | "source/broken-link"
  | "source/helm-options"
  | "source/kustomize-options"
  | "source/manifest"
  | "source/missing-path"
  | "source/missing-repository"
  | "source/no-source"
  | "source/not-found"
  | "source/path"
  | "source/several-kinds"
  | "source/unsupported"
  | "source/value-file"
  | "sync/application-cycle"
  | "sync/ignored-fields"
  | "sync/incomplete-window"
  | "sync/invalid-duration"
  | "sync/invalid-schedule"
  | "sync/invalid-time"
  | "sync/invalid-window-kind"
  | "sync/prune-guard"
  | "sync/rollback-while-automated"
  | "sync/unknown-history-id"
  | "sync/window-description-too-long"
  | "template/call"
  | "template/cancelled"
  | "template/exec"
  | "template/limit"
  | "template/missing-key"
  | "template/option"
  | "template/parse"
  | "template/unsupported"
  | "terraform/exit-code-lost"
  | "terraform/forced-push"
  | "terraform/limit"
  | "terraform/lower-serial"
  | "terraform/mass-removal"
  | "terraform/newer-terraform"
  | "terraform/not-a-plan"
  | "terraform/number"
  | "terraform/older-state-format"
  | "terraform/project-not-planned"
  | "terraform/refresh-off"
  | "terraform/shape"
  | "terraform/syntax"
  | "terraform/unknown-lineage"
  | "terraform/unknown-project"
  | "terraform/unreadable-state"
  | "terraform/unsupported-format-version"
  | "tree/lookup"
  | "tree/path"
  | "tree/read"
  | "trueup/application"
  | "trueup/duplicate-object"
  | "trueup/facts"
  | "trueup/no-application"
  | "trueup/no-dry-run"
  | "trueup/not-permitted"
  | "trueup/object"
  | "trueup/shared-resource"
  | "trueup/unknown-cluster"
  | "yaml/anchor"
  | "yaml/duplicate-key"
  | "yaml/encoding"
  | "yaml/key"
  | "yaml/limit"
  | "yaml/merge"
  | "yaml/number"
  | "yaml/syntax"
  | "yaml/tag"
  | "yaml/unreadable";

/** The answer to an action. */
export interface ActionOutcome {
  /** The number of the action. */
  id: number | bigint;
  /** What became of it. */
  outcome: "done" | "found" | "notFound" | "alreadyExists" | "failed";
  /**
   * What there is to say.
   *
   * @default ""
   */
  message?: string;
  /** The object, for `found`. */
  object?: object | null;
}

/** An Application that a change concerns. */
export interface AffectedApplication {
  /** Its name. */
  name: string;
  /** Its own namespace; empty for Argo CD's. */
  namespace: string;
  /** Why: a source of it reads a changed file, or it is changed itself, comes, or goes. */
  reason: "source" | "definition" | "added" | "removed";
  /** The changed file, then each directory that reads the one before; empty where no source reads a changed file. */
  via: string[];
  /** What declares it: a file, or an ApplicationSet and the row that makes it. */
  origin: string;
  /** Whether it is removed, and what it deployed with it. */
  deletesResources: boolean;
}

/** How an Application is doing. */
export interface AppHealth {
  /** The status. */
  status: "Healthy" | "Suspended" | "Progressing" | "Missing" | "Degraded" | "Unknown";
  /** The objects that brought it about. */
  causes: ObjectRef[];
  /** The health of each object, in order; null for those that have none or take no part. */
  resources: (Health | null)[];
  /** Checks that failed. */
  diagnostics: Diagnostic[];
}

/** What a preview found about one Application. */
export interface ApplicationReport {
  /** The name. */
  name: string;
  /** The AppProject. */
  project: string;
  /** The destination cluster: its name if known, else its server. */
  cluster: string;
  /** The destination namespace. */
  namespace: string;
  /** What declared it: an ApplicationSet and the row that made it, or the file it stands in. */
  origin: string;
  /** `Unknown` when it could not be rendered or its cluster is not known. */
  sync: "Synced" | "OutOfSync" | "Unknown";
  /** Its health as Argo CD words it: that of its worst live resource. Empty when nobody said what runs. */
  health: string;
  /** The objects that brought that health about: `apps/Deployment:namespace/name`. Empty when it is healthy. */
  healthCauses: string[];
  /** The resources that differ or are suppressed, sorted by kind and name. */
  resources: ResourceReport[];
  /** The steps of the sync, in order. */
  plan: StepReport[];
  /** The live resources that the plan deletes, in its order. */
  deletions: ResourceKey[];
  /** How many live resources it has. */
  live: number;
  /** What the guard says about the deletions; null if there is no guard. */
  guard: GuardReport | null;
  /** Why a sync would not begin: the guard, a sync window, a shared resource. */
  blocked: string[];
  /** Where the order of the plan contradicts what its objects need. */
  conflicts: string[];
  /** What is wrong with it. */
  diagnostics: Diagnostic[];
}

/** Which projects a change plans. */
export interface Autoplan {
  /** The projects to plan: by group, in each group those of the configuration first. */
  plan: PlannedProject[];
  /** The projects that the change affects and that are not planned by themselves. */
  disabled: PlannedProject[];
  /** The projects that the change affects and that are gone. */
  gone: string[];
  /** The changed files that affect no project. */
  unclaimed: string[];
  /** What the server must allow. */
  needs: ServerNeeds;
  /** What could not be found out, and what the configuration says that has no effect. */
  diagnostics: Diagnostic[];
}

/** An analysis beside the steps of a Rollout. */
export interface BackgroundAnalysis {
  /** The names of its templates. */
  templates: string[];
  /** The index of the step with which it starts. */
  startingStep: number;
}

/** What several builds gave. */
export interface BuiltAll {
  /** The manifests by directory. */
  manifests: Record<string, Manifests>;
  /** What went wrong, by directory. */
  errors: Record<string, ErrorData>;
}

/** An environment of a chain. */
export interface ChainEnvironment {
  /** Its name. */
  name: string;
  /** The text of its kustomization. */
  text: string | Uint8Array;
}

/** What the environments of a chain run. */
export interface ChainReport {
  /** One row an image. */
  rows: ChainRow[];
  /** What is odd about the chain, and why the promotion should be refused. */
  warnings: Diagnostic[];
}

/** An image through the environments. */
export interface ChainRow {
  /** The name of the image. */
  image: string;
  /** What replaces it in each environment; null where the environment does not name it. */
  references: (ImageReference | null)[];
}

/** One field that differs. */
export interface Change {
  /** Where: `spec.template.spec.containers[app].image`. */
  path: string;
  /** What happened to it. */
  kind: "added" | "removed" | "changed";
  /** The live value, if there is one. */
  live?: any;
  /** The desired value, if there is one. */
  desired?: any;
  /** The managers that own the field in the live object, as far as it says. */
  managers?: string[];
}

/** A cluster that Argo CD knows. */
export interface ClusterFact {
  /** Its name. */
  name: string;
  /** Its API server's URL. */
  server: string;
  /**
   * The AppProject it belongs to.
   *
   * @default ""
   */
  project?: string;
  /**
   * The labels of its secret.
   *
   * @default {}
   */
  labels?: { readonly [key: string]: string };
  /**
   * The annotations of its secret.
   *
   * @default {}
   */
  annotations?: { readonly [key: string]: string };
}

/** An object that more than one Application wants or has: each of them would undo what the others do. */
export interface Collision {
  /** The cluster. */
  cluster: string;
  /** The API group; empty for the core group. */
  group: string;
  /** The kind. */
  kind: string;
  /** The namespace; empty for what lives in none. */
  namespace: string;
  /** The name. */
  name: string;
  /** The Applications that desire it, and the one that the live object says it belongs to; sorted. */
  applications: string[];
}

/** One object of a comparison. */
export interface ComparedResource {
  /** The API group; empty for the core group. */
  group: string;
  /** The kind. */
  kind: string;
  /** The namespace; empty for what lives in none. */
  namespace: string;
  /** The name. */
  name: string;
  /** How it stands. */
  state: "synced" | "modified" | "missing" | "extra" | "uncounted" | "failed";
  /** The status; null for what takes no part. */
  status: "Synced" | "OutOfSync" | "Unknown" | null;
  /** Whether a sync with pruning would delete it. */
  requiresPruning: boolean;
  /** Whether it is a hook. */
  hook: boolean;
  /** Whether an extra one is to be overlooked. */
  ignoreExtraneous: boolean;
  /** What differs; null when it is synced and no rule did anything. */
  report: ObjectReport | null;
  /** Why it could not be compared. */
  diagnostics: Diagnostic[];
}

/** How many objects stand how. */
export interface ComparisonSummary {
  /** Objects as desired. */
  synced: number;
  /** Objects that differ. */
  modified: number;
  /** Objects that are not there. */
  missing: number;
  /** Objects that are not desired. */
  extra: number;
  /** Objects that take no part. */
  uncounted: number;
  /** Objects that could not be compared. */
  failed: number;
}

/** An object that comes before one that it needs. */
export interface Conflict {
  /** The object that comes too early. */
  first: ResourceKey;
  /** Why it needs the other one. */
  need: "namespace" | "definition" | "service-account" | "configuration" | "storage" | "role";
  /** The object that it needs. */
  needed: ResourceKey;
  /** Why the order is as it is. */
  because: string;
}

/** The objects of a resource, such as `placementdecisions`. */
export interface DecisionFact {
  /** The API group. */
  group: string;
  /** The API version. */
  version: string;
  /** The plural name. */
  resource: string;
  /** The objects. */
  objects: readonly object[];
}

/** What went wrong, where, and what would help. */
export interface Diagnostic {
  /** How bad it is: an `error` means that there is no result, or an incomplete one. */
  severity: "note" | "warning" | "error";
  /** A stable code, `area/what-is-wrong`. */
  code: ErrorCode;
  /** One line. */
  message: string;
  /** Where it is, the most telling place first. */
  locations: Location[];
  /** What would help, if it is known. */
  help: string | null;
  /** How we came here, and whatever else belongs to it. */
  notes: string[];
}

/** Argo CD's own objects in a tree. */
export interface Discovery {
  /** The ApplicationSets. */
  applicationSets: FoundObject[];
  /** The Applications. */
  applications: FoundObject[];
  /** The AppProjects. */
  projects: FoundObject[];
  /** Files that could not be read, objects that stand in several files, and the like. */
  diagnostics: Diagnostic[];
}

/** A text after its edits. */
export interface Edited {
  /** The text. */
  text: string;
  /** Whether it is another text than before. */
  changed: boolean;
  /** What is worth knowing. */
  notes: Diagnostic[];
}

/** Everything that an error carries, as `to_dict()` and `toJSON()` give it. */
export interface ErrorData {
  /** The class of the exception. */
  class: string;
  /** A stable code, `area/what-is-wrong`. */
  code: ErrorCode;
  /** The message, as the reference words it. */
  message: string;
  /** What would help, if it is known. */
  help: string | null;
  /** The file, as a path in its tree. */
  file: string | null;
  /** Line, from 1. */
  line: number | null;
  /** Column in characters, from 1. */
  column: number | null;
  /** Every place that has to do with it, the most telling first. */
  spans: Location[];
  /** How we came here, and whatever else belongs to it. */
  notes: string[];
  /** Everything that went wrong, this first. */
  diagnostics: Diagnostic[];
  /** What the host must supply before it asks again. */
  missing: Record<string, any>[];
}

/** Why a field has its value. */
export interface Explanation {
  /** The manifest: `NAMESPACE/KIND/NAME`, or `KIND/NAME` where it has no namespace. */
  object: string;
  /** The field, list items by what tells them apart. */
  path: string;
  /** What it is in the end; null if it was removed. */
  value: any;
  /** What changed it, the first first. */
  reasons: FieldReason[];
}

/** A backup. */
export interface ExportedBackup {
  /** What is restored, in that order, as YAML. */
  text: string;
  /** The Applications that ApplicationSets make, as YAML: they are not restored. */
  generated: string;
  /** The secrets that there are, whether or not they are exported. */
  secrets: SecretEntry[];
}

/** What is known of the world. What is not said is unknown, which is not the same as empty. */
export interface Facts {
  /** The clusters, without the one Argo CD runs in. */
  clusters?: readonly ClusterFact[] | null;
  /**
   * What is in git repositories.
   *
   * @default []
   */
  git?: readonly GitFact[];
  /**
   * Open pull requests.
   *
   * @default []
   */
  pullRequests?: readonly PullRequestsFact[];
  /**
   * Repositories of code hosts.
   *
   * @default []
   */
  repositories?: readonly RepositoriesFact[];
  /**
   * The answers of plugins.
   *
   * @default []
   */
  plugins?: readonly PluginFact[];
  /**
   * The objects of cluster decision resources.
   *
   * @default []
   */
  decisionResources?: readonly DecisionFact[];
  /**
   * The data of ConfigMaps by name; null for one that does not exist.
   *
   * @default {}
   */
  configMaps?: { readonly [key: string]: object | null };
  /**
   * The decoded data of Secrets by name; null for one that does not exist.
   *
   * @default {}
   */
  secrets?: { readonly [key: string]: object | null };
  /**
   * AppProjects by name; null for one that does not exist.
   *
   * @default {}
   */
  projects?: { readonly [key: string]: object | null };
  /**
   * Whether there are no other ConfigMaps, Secrets and AppProjects.
   *
   * @default false
   */
  andNoOthers?: boolean;
}

/** One change of a field. */
export interface FieldReason {
  /** What changed it: `resources`, `images[0]`, `patches[2]`, `name hash`. */
  by: string;
  /** The URL of the tree that the file is in; empty for the tree itself. */
  repository: string;
  /** The file; empty for what a build does by itself. */
  file: string;
  /** The line, from 1, if it can be told. */
  line: number | null;
  /** What the field was before; null if it was not there. */
  before: any;
  /** What it was afterwards; null if it was gone. */
  after: any;
  /** The manifest whose name it follows, as `KIND/NAME`. */
  follows: string | null;
}

/** One field that differs. */
export interface FieldReport {
  /** The path, list items by their key. */
  path: string;
  /** What runs; absent if the field is not there. */
  live?: any;
  /** What a sync would make of it; absent if it takes the field away. */
  desired?: any;
  /** Who last set the live value, when that is known. */
  manager?: string;
  /** What set the desired value, when that is known. */
  setBy?: SetBy;
}

/** A file with findings. */
export interface FileFindings {
  /** Its path. */
  path: string;
  /** What was found, by document, then by rule. */
  findings: Finding[];
}

/** Something that must not be in Git, or looks as if. It names rules, kinds, names, keys and paths, and no value. */
export interface Finding {
  /** The rule, such as `plaintext-secret`; its code is that behind `secrets/`. */
  rule: string;
  /** How bad it is. */
  severity: "note" | "warning" | "error";
  /** The document of the file, from 0; null for a file that is not YAML. */
  document: number | null;
  /** The kind of the object. */
  kind?: string | null;
  /** The name of the object. */
  name?: string | null;
  /** The keys, paths or files that it is about. */
  keys?: string[];
  /** The line in the file, from 1, for what is found in text. */
  line?: number | null;
  /** The position of the object in its list, from 0. */
  item?: number | null;
  /** The version that is not served. */
  version?: string | null;
}

/** An object and where it is written down. */
export interface FoundObject {
  /** The object. */
  object: Record<string, any>;
  /** The file, as a path in the tree. */
  file: string;
}

/** What an ApplicationSet generates. */
export interface Generated {
  /** The Applications in the order in which they are generated. */
  applications: GeneratedApplication[];
  /** What Argo CD would refuse, by `namespace/name`. */
  invalid: Record<string, string>;
  /** What is worth knowing besides, and the errors that were passed over. */
  diagnostics: Diagnostic[];
}

/** A generated Application. */
export interface GeneratedApplication {
  /** The name. */
  name: string;
  /** The Application. */
  application: Record<string, any>;
  /** The generator and row that it comes from. */
  origin: string;
  /** The parameters it was rendered with. */
  parameters: Record<string, any>;
}

/** What is in a revision of a repository. */
export interface GitFact {
  /** The URL. */
  repository: string;
  /**
   * The revision, as the generator names it.
   *
   * @default ""
   */
  revision?: string;
  /** Its files. */
  tree?: Tree | null;
  /** Its directories, which is enough for directory generators. */
  directories?: readonly string[] | null;
  /** Why it could not be read, if that is known. */
  error?: string | null;
}

/** What the guard says about the deletions of a plan. */
export interface GuardReport {
  /** How many live resources may be deleted. */
  allowed: number;
  /** Whether the plan is refused. */
  refused: boolean;
}

/** How an object is doing. */
export interface Health {
  /** The status; null if a custom check gave none. */
  status: "Healthy" | "Suspended" | "Progressing" | "Missing" | "Degraded" | "Unknown" | null;
  /** Why. */
  message: string;
}

/** One difference that does not count. */
export interface IgnoredReport {
  /** The path. */
  path: string;
  /** What runs. */
  live?: any;
  /** What is declared. */
  desired?: any;
  /** The rule that suppressed it. */
  rule: string;
}

/** An image that a promotion changed. */
export interface ImageChanged {
  /** Its name. */
  name: string;
  /** What it was replaced with; null for an image that the target did not name. */
  before: ImageReference | null;
  /** What it is replaced with. */
  after: ImageReference;
}

/** What replaces an image. */
export interface ImageReference {
  /** The name of the image that is used. */
  newName?: string | null;
  /** Its tag. */
  newTag?: string | null;
  /** Its digest. */
  digest?: string | null;
}

/** What a change can reach, and why. */
export interface Impact {
  /** The changed files, sorted. */
  changed: string[];
  /** The directories whose kustomization reads a changed file. */
  kustomizations: ReachedKustomization[];
  /** The Applications that read a changed file or are themselves changed, by name. */
  applications: AffectedApplication[];
  /** What the change means for Terraform. */
  terraform: TerraformImpact;
  /** The changed files that nothing reads: documentation, workflows, manifests that nobody lists. */
  unclaimed: string[];
  /** What could not be found out. */
  diagnostics: Diagnostic[];
}

/** A place in a file of a tree. */
export interface Location {
  /** The file, as a path in its tree. */
  file: string;
  /** The piece of the file, if it is known. */
  span: Span | null;
}

/** An object of an Application. */
export interface ManagedObject {
  /** The object as desired; null if it is not any more. */
  target?: object | null;
  /** The object as it is; null if it is not there. */
  live?: object | null;
}

/** Both sides, masked. */
export interface Masked {
  /** The object as desired. */
  target: Record<string, any> | null;
  /** The object as it is. */
  live: Record<string, any> | null;
}

/** What a project reads. */
export interface ModuleReads {
  /** The directories of the project and of its modules, each with the directories on the way to it. */
  directories: Record<string, string[]>;
  /** The files in them that Terraform reads. */
  files: string[];
  /** The modules that come from elsewhere. */
  remote: ModuleUse[];
  /** The modules that should be in the tree and are not. */
  missing: ModuleUse[];
  /** Files that cannot be read: what they use is not known. */
  diagnostics: Diagnostic[];
}

/** A module that is used somewhere. */
export interface ModuleUse {
  /** The name under which it is used. */
  name: string;
  /** Where it comes from, as it is written. */
  source: string;
  /** The file that uses it. */
  file: string;
}

/** Who an object is. */
export interface ObjectRef {
  /** The API group; empty for the core group. */
  group: string;
  /** The kind. */
  kind: string;
  /** The namespace; empty for what lives in none. */
  namespace: string;
  /** The name. */
  name: string;
}

/** What differs in one object. Secrets are masked. */
export interface ObjectReport {
  /** What the live object would become; null when nothing is desired. */
  predicted: any;
  /** The live object; null when there is none. */
  live: any;
  /** JSON Patch operations that lead from live to predicted. */
  patch: Record<string, any>[];
  /** A unified text diff in YAML. */
  text: string;
  /** Each field that differs. */
  changes: Change[];
  /** What rules took out of the comparison, and which. */
  suppressed: RuleNote[];
}

/** Why a change affects a project. */
export interface PlanReason {
  /** The changed file. */
  file: string;
  /** What it is to the project: `when_modified`, `module` or `file_list`. */
  rule: string;
  /** The pattern that it matches, or the directory of the module. */
  pattern: string;
}

/** One step of a plan. */
export interface PlanStep {
  /** The group it is done in, from 1. A group begins when the one before it is healthy. */
  group: number;
  /** The phase. */
  phase: "PreSync" | "Sync" | "PostSync" | "SyncFail" | "Skip";
  /** The wave. */
  wave: number;
  /** The object. */
  key: ResourceKey;
  /** What is done. */
  action: "create" | "update" | "replace" | "prune" | "hook" | "hook-again" | "hook-over" | "skip";
  /** The options that are in force for it. */
  options: string[];
  /** Why it is there and why there: a word, or a map of the word to what belongs to it. */
  reason: any;
  /** The group that must be healthy before, if any. */
  waitsFor: number | null;
}

/** A project that a change affects. */
export interface PlannedProject {
  /** Its name; empty for none. */
  name: string;
  /** Its directory; `.` is the root. */
  dir: string;
  /** Its workspace. */
  workspace: string;
  /** Groups run in ascending order. */
  executionOrderGroup: number;
  /** Who named it: `config` or `discovered`. */
  source: string;
  /** Everything that holds for it: requirements, the steps of its workflow, and the rest. */
  settings: Record<string, any>;
  /** What made it affected: at least one reason. */
  because: PlanReason[];
}

/** The answer of a plugin. */
export interface PluginFact {
  /** The ConfigMap that the generator names. */
  configMap: string;
  /** The parameters that are sent; every one if they are absent. */
  input?: object | null;
  /** The body of the answer: `{output: {parameters: […]}}`. */
  answer: object;
}

/** A place in a text. */
export interface Position {
  /** Bytes from the start of the text. */
  offset: number;
  /** Line, from 1. */
  line: number;
  /** Column in characters, from 1. */
  column: number;
}

/** A target after a promotion. */
export interface Promotion {
  /** The text of the target. */
  text: string;
  /** What changed, in the order of the source. */
  changes: ImageChanged[];
  /** What is worth knowing. */
  notes: Diagnostic[];
}

/** An open pull request. */
export interface PullRequestFact {
  /** The number. */
  number: number | bigint;
  /**
   * The title.
   *
   * @default ""
   */
  title?: string;
  /** The branch that is to be merged. */
  branch: string;
  /**
   * The branch it is to be merged into.
   *
   * @default ""
   */
  targetBranch?: string;
  /** The commit of the branch. */
  headSha: string;
  /**
   * The labels.
   *
   * @default []
   */
  labels?: readonly string[];
  /**
   * The author.
   *
   * @default ""
   */
  author?: string;
}

/** The pull requests that a provider lists. */
export interface PullRequestsFact {
  /** The generator's section that asks for them; every one if it is absent. */
  generator?: object | null;
  /** The pull requests. */
  pullRequests: readonly PullRequestFact[];
}

/** A directory whose kustomization reads a changed file, before or after the change. */
export interface ReachedKustomization {
  /** The directory. */
  directory: string;
  /** The changed file, then each directory that reads the one before; the shortest way. */
  via: string[];
}

/** What a chart rendered to. */
export interface RenderedChart {
  /** The text that `helm template` prints. */
  text: string;
  /** What the chart says to the user. */
  notes: string;
  /** The objects, those of `crds/` and the hooks that were asked for among them. */
  manifests: Manifests;
}

/** The repositories that a code host lists. */
export interface RepositoriesFact {
  /** The generator's section that asks for them; every one if it is absent. */
  generator?: object | null;
  /** The repositories. */
  repositories: readonly RepositoryFact[];
}

/** A branch of a repository that a code host lists. */
export interface RepositoryFact {
  /** The organization, group or project. */
  organization: string;
  /** The name. */
  repository: string;
  /** The host's id. */
  id?: unknown | null;
  /** The clone URL. */
  url: string;
  /** The branch. */
  branch: string;
  /** Its commit. */
  sha: string;
  /**
   * The labels or topics.
   *
   * @default []
   */
  labels?: readonly string[];
  /**
   * The paths that exist in the branch, as far as filters ask for them.
   *
   * @default []
   */
  paths?: readonly string[];
}

/** What makes an object one object in a cluster. */
export interface ResourceKey {
  /** The API group; empty for the core group. */
  group: string;
  /** The kind. */
  kind: string;
  /** The namespace; empty for what lives in none. */
  namespace: string;
  /** The name. */
  name: string;
}

/** One resource that differs from what runs, or would if no rule suppressed it. */
export interface ResourceReport {
  /** The API group; empty for the core group. */
  group: string;
  /** The kind. */
  kind: string;
  /** The namespace; empty for what lives in none. */
  namespace: string;
  /** The name. */
  name: string;
  /** The file that declares it, as a path in its repository, or the URL of another one and a path there; empty if nobody knows. */
  file: string;
  /** What a sync would do to it. */
  action: "none" | "create" | "update" | "prune" | "keep";
  /** The fields that differ. */
  fields: FieldReport[];
  /** The fields that differ but do not count. */
  ignored: IgnoredReport[];
}

/** What became of an object of a backup. */
export interface RestoreVerdict {
  /** The API group; empty for the core group. */
  group: string;
  /** The kind. */
  kind: string;
  /** The namespace. */
  namespace: string;
  /** The name. */
  name: string;
  /** `identical`, `missing`, `extra` or `differs`. */
  outcome: string;
  /** The fields that differ, with dots. */
  paths: string[];
}

/** What became of a backup. */
export interface RestoreVerification {
  /** Whether everything is there as it was backed up, and nothing else. */
  complete: boolean;
  /** What became of each object, in the order of a restore. */
  verdicts: RestoreVerdict[];
  /** What is dangerous about bringing what is there to what was backed up. */
  diagnostics: Diagnostic[];
}

/** What a Rollout will do. */
export interface RolloutPlan {
  /** How versions replace each other: `canary` or `blueGreen`. */
  strategy: string;
  /** Where it is: `planned` without a status, `initial`, `restarting`, `running`, `paused`, `aborted`, `promoted`, `finishing` or `complete`. */
  progress: string;
  /** The index of the step at which it is; null if it is at none. */
  current: number | null;
  /** The steps in order. */
  steps: RolloutStep[];
  /** The traffic that the new version has now, of `maxWeight`. */
  weight: number;
  /** What all traffic is. */
  maxWeight: number;
  /** How many pods of the new version there are when the current step is settled. */
  canaryReplicas: number;
  /** How many pods of the stable version there are then. */
  stableReplicas: number;
  /** How long the pauses with a duration are altogether, in seconds. */
  pauseSeconds: number;
  /** The index of the first pause that lasts until somebody ends it. */
  firstIndefinitePause: number | null;
  /** The analysis beside the steps; its failure aborts the rollout. */
  background: BackgroundAnalysis | null;
  /** How long the old pods stay after the last step, in seconds, where there is such a delay. */
  scaleDownDelaySeconds: number | null;
}

/** Something that the controller refuses. */
export interface RolloutProblem {
  /** The field as the controller calls it: below `spec.strategy`, it leaves out the name of the strategy. */
  field: string;
  /** Where the field is in the object. */
  path: string;
  /** Of which sort it is, in the words of the API machinery: `Invalid value`, `Required value` and so on. */
  kind: string;
  /** What the controller says about it; empty if it says no more. */
  text: string;
}

/** One step of a Rollout. */
export interface RolloutStep {
  /** Where it is among the steps, from zero. */
  index: number;
  /** What it does, such as `setWeight`, `pause` or `switchActive`. */
  kind: string;
  /** The traffic of the new version before it. */
  weightBefore: number;
  /** The traffic of the new version after it. */
  weightAfter: number;
  /** Whether it waits: `none`, `indefinite` or `seconds`. */
  pause: string;
  /** How long it waits, in seconds, if that is said. */
  pauseSeconds: number | null;
  /** The names of the analysis templates that it runs itself. */
  analysis: string[];
  /** Whether the analysis beside the steps runs during it. */
  hasBackgroundAnalysis: boolean;
  /** How many pods of the new version there are when it is settled. */
  canaryReplicas: number;
  /** How many pods of the stable version there are then. */
  stableReplicas: number;
  /** `done`, `current`, `next` or `skipped`. */
  state: string;
}

/** Where a rule stands. */
export interface RuleId {
  /** `application` or `system`. */
  origin: string;
  /** The place, such as `spec.ignoreDifferences[0].jsonPointers[1]`. */
  place: string;
  /** The rule itself. */
  rule: string;
}

/** What a rule did to an object. */
export interface RuleNote {
  /** The rule. */
  rule: RuleId;
  /** JSON pointers to what it took out of the comparison. */
  removed: string[];
  /** Why it could not be applied. */
  error: string | null;
}

/** A secret, without its values. */
export interface SecretEntry {
  /** Its namespace. */
  namespace: string;
  /** Its name. */
  name: string;
  /** What it is for, such as `repository` or `cluster`; empty if it does not say. */
  secretType: string;
  /** The keys of its data, sorted. */
  keys: string[];
}

/** What the server must allow for the repository's configuration to be accepted. */
export interface ServerNeeds {
  /** What `allowed_overrides` must name. */
  allowedOverrides: string[];
  /** Whether `allow_custom_workflows` must be true. */
  allowCustomWorkflows: boolean;
  /** The workflows that must be defined there. */
  serverWorkflows: string[];
}

/** What set a field: the last that changed it. */
export interface SetBy {
  /** What: `resources`, `images[0]`, `patches[2]`, `template`, `spec.source.kustomize.images`. */
  by: string;
  /** The URL of the repository that the file is in, unless it is that of the Application's source. */
  repository: string;
  /** The file; empty for what a build does by itself. */
  file: string;
  /** The line, from 1, if it can be told. */
  line: number | null;
  /** The manifest whose name the field follows, as `KIND/NAME`. */
  follows: string | null;
}

/** A piece of a text, from `start` up to but not including `end`. */
export interface Span {
  /** Where it starts. */
  start: Position;
  /** Where it ends. */
  end: Position;
}

/** Whether a state may be pushed, and what follows. */
export interface StatePush {
  /** Whether Terraform accepts it. */
  allowed: boolean;
  /** What decided, such as `newer-serial` or `lineage-differs`. */
  rule: string;
  /** The serial that is stored afterwards, if it is allowed. */
  serialAfter: number | null;
  /** What is there and not in the candidate: Terraform would forget these objects. */
  orphaned: string[];
  /** What is in the candidate and not there: Terraform would believe that these objects exist. */
  resurrected: string[];
  /** What to think of before it is done. */
  diagnostics: Diagnostic[];
}

/** One step of a sync. */
export interface StepReport {
  /** The stage it is done in, from 1; a stage begins when the one before it is healthy. */
  stage: number;
  /** The phase: `PreSync`, `Sync`, `PostSync`. */
  phase: string;
  /** The wave. */
  wave: number;
  /** The API group; empty for the core group. */
  group: string;
  /** The kind. */
  kind: string;
  /** The namespace; empty for what lives in none. */
  namespace: string;
  /** The name. */
  name: string;
  /** What is done: `create`, `update`, `replace`, `prune`, `run hook`, `delete and run hook`, `apply over old hook`, `skip`. */
  action: string;
  /** Whether it deletes a live resource. */
  deletes: boolean;
  /** Why it stands here; empty when that goes without saying. */
  reason: string;
  /** The stage that must be healthy before; null for the first one. */
  waitsFor: number | null;
  /** The sync options in force for it. */
  options: string[];
}

/** What a step gives. */
export interface Stepped {
  /** The state after it. */
  state: Record<string, any>;
  /** How the operation stands. */
  operation: "Running" | "Terminating" | "Succeeded" | "Failed" | "Error";
  /** What there is to say. */
  message: string;
  /** What the host is asked to do. */
  actions: SyncAction[];
  /** When to call again: `outcomes`, `change` (of live objects), or `never`. */
  next: string;
}

/** How many Applications are in which state. */
export interface Summary {
  /** In sync. */
  synced: number;
  /** Out of sync. */
  outOfSync: number;
  /** Could not be rendered or compared. */
  unknown: number;
  /** Resources that a sync would create. */
  created: number;
  /** Resources that a sync would change. */
  updated: number;
  /** Resources that a sync would delete. */
  pruned: number;
  /** Applications that are not healthy, of those whose health is known. */
  unhealthy: number;
  /** Applications whose sync would not begin. */
  blocked: number;
}

/** Something that the host is asked to do. Actions of one step may be done at the same time, in any order. */
export interface SyncAction {
  /** The number that its outcome is reported under. */
  id: number;
  /** What to do: `write`, `delete`, `removeFinalizer`, `read` or `waveDone`. */
  kind: string;
  /** The object. */
  key: ResourceKey;
  /** The API version of the object. */
  version: string;
  /** The phase it belongs to. */
  phase: "PreSync" | "Sync" | "PostSync" | "SyncFail" | "Skip";
  /** The wave it belongs to. */
  wave: number;
  /** Whether it may have been done before a crash. What is already so then counts as done. */
  repeated: boolean;
  /** The manifest to write; null for everything else. */
  manifest: Record<string, any> | null;
  /** How it is written, deleted, or whether it was the last wave; null if there is nothing to say. */
  how: Record<string, any> | null;
  /** The action as people read it. */
  text: string;
}

/** What a change means for Terraform. */
export interface TerraformImpact {
  /** The projects that Atlantis plans, in its order. */
  projects: TerraformProject[];
  /** Projects that Atlantis does not plan although they read a changed file, through their modules. */
  projectsByModule: TerraformProject[];
  /** The changed files that only those projects read: patterns of `when_modified` that are missing. */
  gaps: string[];
}

/** A Terraform project that a change reaches. */
export interface TerraformProject {
  /** Its name, or its directory where it has none. */
  name: string;
  /** Its directory. */
  directory: string;
  /** The changed files that reach it, and by which rule. */
  because: string[];
}

/** What a plan says. It holds no sensitive value. */
export interface TerraformSummary {
  /** What follows from it: `in-sync`, `changes`, `drift-only`, `drifted` or `errored`. */
  verdict: string;
  /** What `terraform plan -detailed-exitcode` returns. */
  exitCode: number;
  /** False for a plan that leaves something out: it proves nothing about that. */
  complete: boolean;
  /** Whether planning failed. */
  errored: boolean;
  /** How many entries there are of each kind, moves and imports counted on top. */
  counts: Record<string, number>;
  /** How many objects are added, changed and destroyed. */
  addChangeDestroy: number[];
  /** The objects on which something is to be done. */
  resources: any[];
  /** The objects that have changed outside of Terraform. */
  drift: any[];
  /** The outputs that change. */
  outputs: any[];
  /** What checks found. */
  checks: any[];
  /** What is put off to a later plan. */
  deferred: any[];
  /** All of it for people. */
  text: string;
}

/** What sync windows say. */
export interface WindowVerdict {
  /** Whether the Application may be synced now. */
  canSync: boolean;
  /** The windows that match the Application. */
  matching: Record<string, any>[];
  /** Those of them that are open. */
  active: Record<string, any>[];
}

/** What a preview of a repository found. */
export interface ReportData {
  /** A name for the repository, for headings. */
  repository: string;
  /** How many ApplicationSets were evaluated. */
  applicationSets: number;
  /** How many objects were rendered. */
  objects: number;
  /** What the Applications add up to. */
  summary: Summary;
  /** Objects that more than one Application wants or has, sorted by cluster and object. */
  collisions: Collision[];
  /** The Applications, sorted by name. */
  applications: ApplicationReport[];
  /** What concerns no single Application. */
  diagnostics: Diagnostic[];
}

/** A whole comparison. */
export interface ComparisonData {
  /** The status of the Application. */
  status: "Synced" | "OutOfSync" | "Unknown";
  /** Every object: the desired ones in their order, then the others. */
  resources: ComparedResource[];
  /** How many stand how. */
  summary: ComparisonSummary;
  /** What is wrong with the input as a whole. */
  diagnostics: Diagnostic[];
}

/** What a sync would do. */
export interface PlanData {
  /** The steps in order. Those with the same group are done together. */
  steps: PlanStep[];
  /** The live objects that would be deleted: positions in `steps`. */
  deletions: number[];
  /** How many live resources the Application has. */
  live: number;
  /** Dependencies that the order contradicts. */
  conflicts: Conflict[];
}

/** What `preview` may be told besides its arguments. */
export interface PreviewOptions {
  /**
   * Other repositories by URL. The repository itself need not be named if `url` is said.
   *
   * @default {}
   */
  repositories?: { readonly [key: string]: Tree };
  /**
   * The URLs under which the repository itself is known.
   *
   * @default []
   */
  urls?: readonly string[];
  /**
   * The clusters that Argo CD knows.
   *
   * @default []
   */
  clusters?: readonly ClusterFact[];
  /** What runs: objects by cluster name, or the objects of the only cluster. */
  live?: Manifests | readonly object[] | { readonly [key: string]: Manifests | readonly object[] } | null;
  /**
   * Whether `.trueup/facts.yaml` of the repository counts for what is not said here.
   *
   * @default true
   */
  useFactsFile?: boolean;
  /**
   * A name for the repository, for headings.
   *
   * @default "repository"
   */
  name?: string;
  /** Only Applications whose name matches this glob. */
  application?: string | null;
  /** Refuses a plan that deletes more than this share of an Application's live resources, in percent. */
  maxPrunePercent?: number | bigint | null;
  /** Refuses a plan that deletes more than this many live resources of an Application. */
  maxPrune?: number | bigint | null;
  /** The time in seconds since 1970, for sync windows. */
  now?: number | bigint | null;
}

/** What `explain` may be told besides its arguments. */
export interface ExplainOptions {
  /**
   * The field, `spec.template.spec.containers[app].image` or a JSON pointer; the whole manifest if it is empty.
   *
   * @default ""
   */
  field?: string;
  /**
   * Other repositories by URL. The repository itself need not be named if `url` is said.
   *
   * @default {}
   */
  repositories?: { readonly [key: string]: Tree };
  /**
   * The URLs under which the repository itself is known.
   *
   * @default []
   */
  urls?: readonly string[];
  /**
   * The clusters that Argo CD knows.
   *
   * @default []
   */
  clusters?: readonly ClusterFact[];
  /**
   * Whether `.trueup/facts.yaml` of the repository counts for what is not said here.
   *
   * @default true
   */
  useFactsFile?: boolean;
}

/** What `impact` may be told besides its arguments. */
export interface ImpactOptions {
  /** The repository before the change; the same one if it is not said. */
  base?: Tree | null;
  /** The changed files, from the root, deleted ones among them; those that differ if they are not said. */
  changed?: readonly string[] | null;
  /**
   * Other repositories by URL.
   *
   * @default {}
   */
  repositories?: { readonly [key: string]: Tree };
  /**
   * The URLs under which the repository itself is known.
   *
   * @default []
   */
  urls?: readonly string[];
  /**
   * The clusters that Argo CD knows.
   *
   * @default []
   */
  clusters?: readonly ClusterFact[];
  /**
   * Whether `.trueup/facts.yaml` of the repository counts for what is not said here.
   *
   * @default true
   */
  useFactsFile?: boolean;
}

/**
 * Finds the ApplicationSets, Applications and AppProjects that are written down in a tree.
 *
 * @param tree The tree.
 */
export function discover(tree: Tree, options?: CallOptions): Promise<Discovery>;
/**
 * Finds the ApplicationSets, Applications and AppProjects that are written down in a tree.
 *
 * @param tree The tree.
 */
export function discoverSync(tree: Tree, options?: CallSyncOptions): Discovery;

/**
 * Previews a repository: expands its ApplicationSets, renders every Application, compares it with what runs, and plans the sync.
 *
 * What goes wrong with one Application is a diagnostic of that Application; the others are previewed all the same. What runs in a
 * cluster is unknown until it is said, and nothing is planned because of something unknown.
 *
 * @param tree The repository.
 */
export function preview(tree: Tree, options?: PreviewOptions & CallOptions): Promise<Report>;
/**
 * Previews a repository: expands its ApplicationSets, renders every Application, compares it with what runs, and plans the sync.
 *
 * What goes wrong with one Application is a diagnostic of that Application; the others are previewed all the same. What runs in a
 * cluster is unknown until it is said, and nothing is planned because of something unknown.
 *
 * @param tree The repository.
 */
export function previewSync(tree: Tree, options?: PreviewOptions & CallSyncOptions): Report;

/**
 * Returns why a field of a manifest has its value, of an Application of a repository: each file and line that set it, and what the
 * Application itself changes in its kustomization. What a Secret holds is masked.
 *
 * @param tree The repository.
 * @param application The Application, by its name.
 * @param object The manifest: `KIND/NAME` or `NAMESPACE/KIND/NAME`, by the name that it has or the one in its file.
 */
export function explain(tree: Tree, application: string, object: string, options?: ExplainOptions & CallOptions): Promise<Explanation>;
/**
 * Returns why a field of a manifest has its value, of an Application of a repository: each file and line that set it, and what the
 * Application itself changes in its kustomization. What a Secret holds is masked.
 *
 * @param tree The repository.
 * @param application The Application, by its name.
 * @param object The manifest: `KIND/NAME` or `NAMESPACE/KIND/NAME`, by the name that it has or the one in its file.
 */
export function explainSync(tree: Tree, application: string, object: string, options?: ExplainOptions & CallSyncOptions): Explanation;

/**
 * Tells what a change of a repository can reach: kustomizations, Applications and Terraform projects, each with the way there.
 *
 * It errs on the side of too much: what is not named is not reached. Without `changed`, files are compared by what they hold.
 *
 * @param tree The repository after the change.
 */
export function impact(tree: Tree, options?: ImpactOptions & CallOptions): Promise<Impact>;
/**
 * Tells what a change of a repository can reach: kustomizations, Applications and Terraform projects, each with the way there.
 *
 * It errs on the side of too much: what is not named is not reached. Without `changed`, files are compared by what they hold.
 *
 * @param tree The repository after the change.
 */
export function impactSync(tree: Tree, options?: ImpactOptions & CallSyncOptions): Impact;

/** What `appset.evaluate` may be told besides its arguments. */
export interface AppsetEvaluateOptions {
  /** What is known of the world. */
  facts?: Facts | null;
  /**
   * Whether the first error fails the call, as in Argo CD; else what does work is answered beside the errors.
   *
   * @default true
   */
  strict?: boolean;
}

/** What `appset.needs` may be told besides its arguments. */
export interface AppsetNeedsOptions {
  /** What is known of the world. */
  facts?: Facts | null;
  /**
   * Whether the first error fails the call, as in Argo CD; else what does work is answered beside the errors.
   *
   * @default true
   */
  strict?: boolean;
}

/** What `appset.explain` may be told besides its arguments. */
export interface AppsetExplainOptions {
  /** What is known of the world. */
  facts?: Facts | null;
}

export namespace appset {
  /**
   * Generates the Applications of an ApplicationSet, each with the generator and row it comes from.
   *
   * What it must know of the world stands in `facts`; what is missing is a `MissingError` that lists it, never an empty answer.
   *
   * @param applicationSet The ApplicationSet.
   */
  function evaluate(applicationSet: object, options?: AppsetEvaluateOptions & CallOptions): Promise<Generated>;
  /**
   * Generates the Applications of an ApplicationSet, each with the generator and row it comes from.
   *
   * What it must know of the world stands in `facts`; what is missing is a `MissingError` that lists it, never an empty answer.
   *
   * @param applicationSet The ApplicationSet.
   */
  function evaluateSync(applicationSet: object, options?: AppsetEvaluateOptions & CallSyncOptions): Generated;

  /**
   * Lists the facts that an ApplicationSet asks for and that are not known yet. Ask again once they are: one fact can lead to another.
   *
   * @param applicationSet The ApplicationSet.
   */
  function needs(applicationSet: object, options?: AppsetNeedsOptions & CallOptions): Promise<Record<string, any>[]>;
  /**
   * Lists the facts that an ApplicationSet asks for and that are not known yet. Ask again once they are: one fact can lead to another.
   *
   * @param applicationSet The ApplicationSet.
   */
  function needsSync(applicationSet: object, options?: AppsetNeedsOptions & CallSyncOptions): Record<string, any>[];

  /**
   * Says why an Application of a name is generated, or not: the generator, the row, and what filled each templated field.
   *
   * @param applicationSet The ApplicationSet.
   * @param name The name of the Application.
   */
  function explain(applicationSet: object, name: string, options?: AppsetExplainOptions & CallOptions): Promise<Record<string, any>>;
  /**
   * Says why an Application of a name is generated, or not: the generator, the row, and what filled each templated field.
   *
   * @param applicationSet The ApplicationSet.
   * @param name The name of the Application.
   */
  function explainSync(applicationSet: object, name: string, options?: AppsetExplainOptions & CallSyncOptions): Record<string, any>;
}

/** What `atlantis.autoplan` may be told besides its arguments. */
export interface AtlantisAutoplanOptions {
  /** The text of the server's configuration; without it, one that allows everything. */
  server?: string | Uint8Array | null;
  /**
   * The repository as the server's configuration names it: `host/owner/name`.
   *
   * @default ""
   */
  repository?: string;
  /** The branch that the change goes to; without it, projects for all branches count. */
  branch?: string | null;
  /**
   * The patterns of files that make a directory a project whose modules count, with commas between: a flag of the server.
   *
   * @default ""
   */
  modules?: string;
}

export namespace atlantis {
  /**
   * Names the Terraform projects that a change plans with Atlantis, each with the files and patterns that made it so.
   *
   * The repository's configuration is read from the tree, strictly: what Atlantis refuses is an error, in Atlantis' words.
   *
   * @param tree The repository after the change.
   * @param changed The changed files, from the root, deleted ones among them.
   */
  function autoplan(tree: Tree, changed: readonly string[], options?: AtlantisAutoplanOptions & CallOptions): Promise<Autoplan>;
  /**
   * Names the Terraform projects that a change plans with Atlantis, each with the files and patterns that made it so.
   *
   * The repository's configuration is read from the tree, strictly: what Atlantis refuses is an error, in Atlantis' words.
   *
   * @param tree The repository after the change.
   * @param changed The changed files, from the root, deleted ones among them.
   */
  function autoplanSync(tree: Tree, changed: readonly string[], options?: AtlantisAutoplanOptions & CallSyncOptions): Autoplan;
}

/** What `backup.create` may be told besides its arguments. */
export interface BackupCreateOptions {
  /**
   * The namespace of Argo CD, which is not written.
   *
   * @default "argocd"
   */
  namespace?: string;
  /**
   * Whether the status is kept.
   *
   * @default false
   */
  keepStatus?: boolean;
  /**
   * Whether secrets are exported, in clear.
   *
   * @default false
   */
  withSecrets?: boolean;
}

/** What `backup.lint` may be told besides its arguments. */
export interface BackupLintOptions {
  /** The clusters that the new Argo CD knows, by address or by name; null to say nothing about clusters. */
  clusters?: readonly string[] | null;
}

/** What `backup.verify` may be told besides its arguments. */
export interface BackupVerifyOptions {
  /**
   * The namespace of Argo CD.
   *
   * @default "argocd"
   */
  namespace?: string;
}

export namespace backup {
  /**
   * Takes Argo CD's own objects out of what a cluster holds, in the order of their restore, without secrets unless they are asked for.
   *
   * @param objects The objects; Lists are looked into.
   */
  function create(objects: Manifests | readonly object[], options?: BackupCreateOptions & CallOptions): Promise<ExportedBackup>;
  /**
   * Takes Argo CD's own objects out of what a cluster holds, in the order of their restore, without secrets unless they are asked for.
   *
   * @param objects The objects; Lists are looked into.
   */
  function createSync(objects: Manifests | readonly object[], options?: BackupCreateOptions & CallSyncOptions): ExportedBackup;

  /**
   * Tells what is dangerous about restoring objects, and which jobs write secrets in clear.
   *
   * @param objects The objects.
   */
  function lint(objects: Manifests | readonly object[], options?: BackupLintOptions & CallOptions): Promise<Diagnostic[]>;
  /**
   * Tells what is dangerous about restoring objects, and which jobs write secrets in clear.
   *
   * @param objects The objects.
   */
  function lintSync(objects: Manifests | readonly object[], options?: BackupLintOptions & CallSyncOptions): Diagnostic[];

  /**
   * Compares a backup with what a cluster holds. No value is told.
   *
   * @param backup The objects of the backup.
   * @param live The objects that there are; Lists are looked into.
   */
  function verify(backup: Manifests | readonly object[], live: Manifests | readonly object[], options?: BackupVerifyOptions & CallOptions): Promise<RestoreVerification>;
  /**
   * Compares a backup with what a cluster holds. No value is told.
   *
   * @param backup The objects of the backup.
   * @param live The objects that there are; Lists are looked into.
   */
  function verifySync(backup: Manifests | readonly object[], live: Manifests | readonly object[], options?: BackupVerifyOptions & CallSyncOptions): RestoreVerification;
}

/** What `diff.compare` may be told besides its arguments. */
export interface DiffCompareOptions {
  /** The Application, whose rules count. */
  application?: object | null;
  /** The `data` of the ConfigMap `argocd-cm`, which has the rules of the system. */
  settings?: object | null;
  /**
   * Entries as in `spec.ignoreDifferences`, besides those of the Application.
   *
   * @default []
   */
  ignoreDifferences?: readonly object[];
  /** Which diff is used; as the Application asks for if it is absent. */
  strategy?: "apply" | "structured" | "server-side" | null;
  /**
   * CustomResourceDefinitions and OpenAPI documents, which tell the types and scopes of custom kinds.
   *
   * @default []
   */
  schemas?: readonly object[];
  /**
   * What server-side apply dry runs of the desired objects returned, for the server-side diff.
   *
   * @default []
   */
  dryRuns?: readonly object[];
  /**
   * The API server of the cluster, by which kinds are excluded.
   *
   * @default ""
   */
  cluster?: string;
  /**
   * Annotations of Secrets that are masked, too.
   *
   * @default []
   */
  hiddenAnnotations?: readonly string[];
}

/** What `diff.mask` may be told besides its arguments. */
export interface DiffMaskOptions {
  /** The object as it is. */
  live?: object | null;
  /**
   * Annotations that are masked, too.
   *
   * @default []
   */
  hiddenAnnotations?: readonly string[];
}

/** What `diff.respect` may be told besides its arguments. */
export interface DiffRespectOptions {
  /**
   * Entries as in `spec.ignoreDifferences`.
   *
   * @default []
   */
  ignoreDifferences?: readonly object[];
  /** The `data` of the ConfigMap `argocd-cm`, which has the rules of the system. */
  settings?: object | null;
  /**
   * CustomResourceDefinitions and OpenAPI documents, which tell how lists of custom kinds merge.
   *
   * @default []
   */
  schemas?: readonly object[];
}

export namespace diff {
  /**
   * Compares everything that is desired with everything there is, as Argo CD does, object by object and field by field.
   *
   * With an Application, its ignore rules, its tracking and its sync options count. Secrets are masked in whatever is shown.
   *
   * @param desired Everything that is desired.
   * @param live Everything there is.
   */
  function compare(desired: Manifests | readonly object[], live: Manifests | readonly object[], options?: DiffCompareOptions & CallOptions): Promise<Comparison>;
  /**
   * Compares everything that is desired with everything there is, as Argo CD does, object by object and field by field.
   *
   * With an Application, its ignore rules, its tracking and its sync options count. Secrets are masked in whatever is shown.
   *
   * @param desired Everything that is desired.
   * @param live Everything there is.
   */
  function compareSync(desired: Manifests | readonly object[], live: Manifests | readonly object[], options?: DiffCompareOptions & CallSyncOptions): Comparison;

  /**
   * Masks the secrets of an object; given both sides, equal values get equal masks and different ones different masks.
   *
   * @param target The object as desired.
   */
  function mask(target?: object | null, options?: DiffMaskOptions & CallOptions): Promise<Masked>;
  /**
   * Masks the secrets of an object; given both sides, equal values get equal masks and different ones different masks.
   *
   * @param target The object as desired.
   */
  function maskSync(target?: object | null, options?: DiffMaskOptions & CallSyncOptions): Masked;

  /**
   * Returns the object to apply under the sync option `RespectIgnoreDifferences=true`: what rules ignore stays as it is live.
   *
   * @param target The object as desired.
   * @param live The object as it is.
   */
  function respect(target: object, live: object, options?: DiffRespectOptions & CallOptions): Promise<Record<string, any>>;
  /**
   * Returns the object to apply under the sync option `RespectIgnoreDifferences=true`: what rules ignore stays as it is live.
   *
   * @param target The object as desired.
   * @param live The object as it is.
   */
  function respectSync(target: object, live: object, options?: DiffRespectOptions & CallSyncOptions): Record<string, any>;
}

/** What `health.check` may be told besides its arguments. */
export interface HealthCheckOptions {
  /** The `data` of the ConfigMap `argocd-cm`, which may have checks of its own, in Lua. */
  settings?: object | null;
  /** The current time in seconds since 1970, for checks in Lua that ask for it. */
  now?: number | bigint | null;
}

/** What `health.aggregate` may be told besides its arguments. */
export interface HealthAggregateOptions {
  /** The `data` of the ConfigMap `argocd-cm`, which may have checks of its own, in Lua. */
  settings?: object | null;
  /** The current time in seconds since 1970, for checks in Lua that ask for it. */
  now?: number | bigint | null;
}

export namespace health {
  /**
   * Judges an object as Argo CD does; null if no check knows its kind.
   *
   * @param object The object as it is in the cluster.
   */
  function check(object: object, options?: HealthCheckOptions & CallOptions): Promise<Health | null>;
  /**
   * Judges an object as Argo CD does; null if no check knows its kind.
   *
   * @param object The object as it is in the cluster.
   */
  function checkSync(object: object, options?: HealthCheckOptions & CallSyncOptions): Health | null;

  /**
   * Judges an Application by its objects.
   *
   * @param resources Its objects.
   */
  function aggregate(resources?: readonly ManagedObject[], options?: HealthAggregateOptions & CallOptions): Promise<AppHealth>;
  /**
   * Judges an Application by its objects.
   *
   * @param resources Its objects.
   */
  function aggregateSync(resources?: readonly ManagedObject[], options?: HealthAggregateOptions & CallSyncOptions): AppHealth;

  /**
   * Tells which checks of a ConfigMap `argocd-cm` call no Rollout healthy, and how they read mended.
   *
   * @param settings The `data` of the ConfigMap `argocd-cm`.
   */
  function lint(settings: object, options?: CallOptions): Promise<Diagnostic[]>;
  /**
   * Tells which checks of a ConfigMap `argocd-cm` call no Rollout healthy, and how they read mended.
   *
   * @param settings The `data` of the ConfigMap `argocd-cm`.
   */
  function lintSync(settings: object, options?: CallSyncOptions): Diagnostic[];
}

/** What `helm.template` may be told besides its arguments. */
export interface HelmTemplateOptions {
  /**
   * The name of the release.
   *
   * @default "release-name"
   */
  releaseName?: string;
  /**
   * The namespace of the release.
   *
   * @default "default"
   */
  namespace?: string;
  /**
   * Texts of values files; later ones win.
   *
   * @default []
   */
  values?: readonly string[];
  /**
   * Values by `--set`.
   *
   * @default []
   */
  set?: readonly string[];
  /**
   * Values by `--set-string`.
   *
   * @default []
   */
  setString?: readonly string[];
  /**
   * The version of Kubernetes; Helm's own default if it is empty.
   *
   * @default ""
   */
  kubeVersion?: string;
  /**
   * Versions of APIs that the cluster has besides those that Helm knows.
   *
   * @default []
   */
  apiVersions?: readonly string[];
  /**
   * Whether the files below `crds/` are part of the output.
   *
   * @default false
   */
  includeCrds?: boolean;
  /**
   * Whether hooks are left out.
   *
   * @default false
   */
  noHooks?: boolean;
  /**
   * Whether hooks that are tests are left out.
   *
   * @default false
   */
  skipTests?: boolean;
  /**
   * Whether values are not checked against schemas.
   *
   * @default false
   */
  skipSchemaValidation?: boolean;
  /**
   * Whether it is an upgrade rather than an installation.
   *
   * @default false
   */
  isUpgrade?: boolean;
  /** The time that templates see, in seconds since 1970. */
  now?: number | bigint | null;
  /** The seed of everything random. */
  seed?: number | bigint | null;
}

export namespace helm {
  /**
   * Renders the chart in a directory, as `helm template` does: the same text, byte for byte.
   *
   * The charts it depends on are below its `charts/`, as `helm dependency build` puts them there. Without a time, a template that asks
   * for it fails; without a seed, one that asks for random texts does.
   *
   * @param tree The tree.
   * @param directory The directory of the chart; the root if it is empty.
   */
  function template(tree: Tree, directory?: string, options?: HelmTemplateOptions & CallOptions): Promise<RenderedChart>;
  /**
   * Renders the chart in a directory, as `helm template` does: the same text, byte for byte.
   *
   * The charts it depends on are below its `charts/`, as `helm dependency build` puts them there. Without a time, a template that asks
   * for it fails; without a seed, one that asks for random texts does.
   *
   * @param tree The tree.
   * @param directory The directory of the chart; the root if it is empty.
   */
  function templateSync(tree: Tree, directory?: string, options?: HelmTemplateOptions & CallSyncOptions): RenderedChart;
}

/** What `json.parse` may be told besides its arguments. */
export interface JsonParseOptions {
  /**
   * What numbers become.
   *
   * @default "kept"
   */
  numbers?: "kept" | "kubernetes" | "float";
  /**
   * A name for the text, for errors.
   *
   * @default ""
   */
  file?: string;
}

/** What `json.dump` may be told besides its arguments. */
export interface JsonDumpOptions {
  /** How many spaces a level is indented by; everything in one line if there are none. */
  indent?: number | bigint | null;
  /**
   * Whether `<`, `>` and `&` are escaped, as Go does.
   *
   * @default true
   */
  escapeHtml?: boolean;
}

export namespace json {
  /**
   * Reads a JSON text as Go's `encoding/json` does; of duplicate keys the last one wins.
   *
   * @param text The text.
   */
  function parse(text: string | Uint8Array, options?: JsonParseOptions & CallOptions): Promise<any>;
  /**
   * Reads a JSON text as Go's `encoding/json` does; of duplicate keys the last one wins.
   *
   * @param text The text.
   */
  function parseSync(text: string | Uint8Array, options?: JsonParseOptions & CallSyncOptions): any;

  /**
   * Writes a value as JSON, with keys sorted, as Go's `encoding/json` does.
   *
   * @param value The value.
   */
  function dump(value: unknown, options?: JsonDumpOptions & CallOptions): Promise<string>;
  /**
   * Writes a value as JSON, with keys sorted, as Go's `encoding/json` does.
   *
   * @param value The value.
   */
  function dumpSync(value: unknown, options?: JsonDumpOptions & CallSyncOptions): string;
}

/** What `kustomize.build` may be told besides its arguments. */
export interface KustomizeBuildOptions {
  /**
   * The order of the output.
   *
   * @default "legacy"
   */
  reorder?: "legacy" | "none";
  /**
   * Which files may be loaded.
   *
   * @default "rootOnly"
   */
  loadRestrictions?: "rootOnly" | "none";
  /**
   * Whether resources get the label `app.kubernetes.io/managed-by`.
   *
   * @default false
   */
  managedByLabel?: boolean;
  /**
   * Whether plugins that are not built in are told apart from those that do not exist.
   *
   * @default false
   */
  enablePlugins?: boolean;
}

/** What `kustomize.build_all` may be told besides its arguments. */
export interface KustomizeBuildAllOptions {
  /** The directories; every one that `kustomize.directories` finds if it is absent. */
  directories?: readonly string[] | null;
  /**
   * Whether one failure fails the call.
   *
   * @default true
   */
  strict?: boolean;
}

/** What `kustomize.explain` may be told besides its arguments. */
export interface KustomizeExplainOptions {
  /**
   * The field, `spec.template.spec.containers[app].image` or a JSON pointer; the whole manifest if it is empty.
   *
   * @default ""
   */
  field?: string;
}

export namespace kustomize {
  /**
   * Builds a directory, as `kustomize build` does: the same manifests, byte for byte.
   *
   * Builds of one tree share what they have in common. Remote bases are trees that were mounted under their URL; one that
   * was not is a `MissingError` that names them all.
   *
   * @param tree The tree.
   * @param directory The directory; the root if it is empty.
   */
  function build(tree: Tree, directory?: string, options?: KustomizeBuildOptions & CallOptions): Promise<Manifests>;
  /**
   * Builds a directory, as `kustomize build` does: the same manifests, byte for byte.
   *
   * Builds of one tree share what they have in common. Remote bases are trees that were mounted under their URL; one that
   * was not is a `MissingError` that names them all.
   *
   * @param tree The tree.
   * @param directory The directory; the root if it is empty.
   */
  function buildSync(tree: Tree, directory?: string, options?: KustomizeBuildOptions & CallSyncOptions): Manifests;

  /**
   * Builds several directories of a tree on all cores.
   *
   * With `strict`, the first directory (in the order that was given) that fails fails the call; without, the others are answered and the failures listed.
   *
   * @param tree The tree.
   */
  function buildAll(tree: Tree, options?: KustomizeBuildAllOptions & CallOptions): Promise<BuiltAll>;
  /**
   * Builds several directories of a tree on all cores.
   *
   * With `strict`, the first directory (in the order that was given) that fails fails the call; without, the others are answered and the failures listed.
   *
   * @param tree The tree.
   */
  function buildAllSync(tree: Tree, options?: KustomizeBuildAllOptions & CallSyncOptions): BuiltAll;

  /**
   * Tells why a field of a manifest of a build has its value: every file and line that set it, the first first.
   *
   * Patches are looked into, and the manifest whose name a reference follows is named. What a Secret holds is masked.
   *
   * @param tree The tree.
   * @param directory The directory that is built; the root if it is empty.
   * @param object The manifest: `KIND/NAME` or `NAMESPACE/KIND/NAME`, by the name that it has or the one in its file.
   */
  function explain(tree: Tree, directory: string, object: string, options?: KustomizeExplainOptions & CallOptions): Promise<Explanation>;
  /**
   * Tells why a field of a manifest of a build has its value: every file and line that set it, the first first.
   *
   * Patches are looked into, and the manifest whose name a reference follows is named. What a Secret holds is masked.
   *
   * @param tree The tree.
   * @param directory The directory that is built; the root if it is empty.
   * @param object The manifest: `KIND/NAME` or `NAMESPACE/KIND/NAME`, by the name that it has or the one in its file.
   */
  function explainSync(tree: Tree, directory: string, object: string, options?: KustomizeExplainOptions & CallSyncOptions): Explanation;

  /**
   * Returns the directories of a tree that have a kustomization file, sorted.
   *
   * @param tree The tree.
   * @param below The directory below which is looked; the root if it is empty.
   */
  function directories(tree: Tree, below?: string, options?: CallOptions): Promise<string[]>;
  /**
   * Returns the directories of a tree that have a kustomization file, sorted.
   *
   * @param tree The tree.
   * @param below The directory below which is looked; the root if it is empty.
   */
  function directoriesSync(tree: Tree, below?: string, options?: CallSyncOptions): string[];
}

/** What `manifests.parse` may be told besides its arguments. */
export interface ManifestsParseOptions {
  /**
   * A name for the text, for errors and origins.
   *
   * @default ""
   */
  file?: string;
}

export namespace manifests {
  /**
   * Reads manifests from a YAML text: empty documents are nothing, each manifest knows its line.
   *
   * @param text The text.
   */
  function parse(text: string | Uint8Array, options?: ManifestsParseOptions & CallOptions): Promise<Manifests>;
  /**
   * Reads manifests from a YAML text: empty documents are nothing, each manifest knows its line.
   *
   * @param text The text.
   */
  function parseSync(text: string | Uint8Array, options?: ManifestsParseOptions & CallSyncOptions): Manifests;

  /**
   * Reads manifests from all YAML and JSON files of a directory of a tree, sorted by path.
   *
   * @param tree The tree.
   * @param directory The directory; the root if it is empty.
   */
  function read(tree: Tree, directory?: string, options?: CallOptions): Promise<Manifests>;
  /**
   * Reads manifests from all YAML and JSON files of a directory of a tree, sorted by path.
   *
   * @param tree The tree.
   * @param directory The directory; the root if it is empty.
   */
  function readSync(tree: Tree, directory?: string, options?: CallSyncOptions): Manifests;
}

/** What `patch.json_apply` may be told besides its arguments. */
export interface PatchJsonApplyOptions {
  /**
   * Which version of the library decides where they differ.
   *
   * @default "v4"
   */
  dialect?: "v4" | "v5";
}

/** What `patch.json_create` may be told besides its arguments. */
export interface PatchJsonCreateOptions {
  /** The document as it is now, if somebody else may have changed it. */
  current?: unknown | null;
}

/** What `patch.merge_create` may be told besides its arguments. */
export interface PatchMergeCreateOptions {
  /** The document as it is now, if somebody else may have changed it. */
  current?: unknown | null;
}

/** What `patch.strategic_create` may be told besides its arguments. */
export interface PatchStrategicCreateOptions {
  /** The object as it is now, if somebody else may have changed it. */
  current?: object | null;
  /**
   * Whether a change of somebody else in the same place is overwritten; else it is an error.
   *
   * @default true
   */
  overwrite?: boolean;
}

export namespace patch {
  /**
   * Applies a JSON Patch (RFC 6902).
   *
   * @param document The document.
   * @param patch The operations.
   */
  function jsonApply(document: unknown, patch: readonly object[], options?: PatchJsonApplyOptions & CallOptions): Promise<any>;
  /**
   * Applies a JSON Patch (RFC 6902).
   *
   * @param document The document.
   * @param patch The operations.
   */
  function jsonApplySync(document: unknown, patch: readonly object[], options?: PatchJsonApplyOptions & CallSyncOptions): any;

  /**
   * Returns the JSON Patch that leads from one document to another.
   *
   * @param original The document as it was.
   * @param modified The document as it should be.
   */
  function jsonCreate(original: unknown, modified: unknown, options?: PatchJsonCreateOptions & CallOptions): Promise<any[]>;
  /**
   * Returns the JSON Patch that leads from one document to another.
   *
   * @param original The document as it was.
   * @param modified The document as it should be.
   */
  function jsonCreateSync(original: unknown, modified: unknown, options?: PatchJsonCreateOptions & CallSyncOptions): any[];

  /**
   * Applies a JSON merge patch (RFC 7386).
   *
   * @param document The document.
   * @param patch The patch.
   */
  function mergeApply(document: unknown, patch: unknown, options?: CallOptions): Promise<any>;
  /**
   * Applies a JSON merge patch (RFC 7386).
   *
   * @param document The document.
   * @param patch The patch.
   */
  function mergeApplySync(document: unknown, patch: unknown, options?: CallSyncOptions): any;

  /**
   * Returns the JSON merge patch that leads from the original to the modified document, given `current` the three-way one that keeps what others changed.
   *
   * @param original The document as it was.
   * @param modified The document as it should be.
   */
  function mergeCreate(original: unknown, modified: unknown, options?: PatchMergeCreateOptions & CallOptions): Promise<any>;
  /**
   * Returns the JSON merge patch that leads from the original to the modified document, given `current` the three-way one that keeps what others changed.
   *
   * @param original The document as it was.
   * @param modified The document as it should be.
   */
  function mergeCreateSync(original: unknown, modified: unknown, options?: PatchMergeCreateOptions & CallSyncOptions): any;

  /**
   * Applies a strategic merge patch; how lists merge is known from the object's kind.
   *
   * @param document The object.
   * @param patch The patch.
   */
  function strategicApply(document: object, patch: object, options?: CallOptions): Promise<any>;
  /**
   * Applies a strategic merge patch; how lists merge is known from the object's kind.
   *
   * @param document The object.
   * @param patch The patch.
   */
  function strategicApplySync(document: object, patch: object, options?: CallSyncOptions): any;

  /**
   * Returns the strategic merge patch that leads from the original to the modified object, given `current` the three-way one that `kubectl apply` makes.
   *
   * @param original The object as it was: as it was applied last, if there is a current one.
   * @param modified The object as it should be.
   */
  function strategicCreate(original: object, modified: object, options?: PatchStrategicCreateOptions & CallOptions): Promise<any>;
  /**
   * Returns the strategic merge patch that leads from the original to the modified object, given `current` the three-way one that `kubectl apply` makes.
   *
   * @param original The object as it was: as it was applied last, if there is a current one.
   * @param modified The object as it should be.
   */
  function strategicCreateSync(original: object, modified: object, options?: PatchStrategicCreateOptions & CallSyncOptions): any;
}

/** What `promotion.edit` may be told besides its arguments. */
export interface PromotionEditOptions {
  /**
   * A name for the text, for errors.
   *
   * @default ""
   */
  file?: string;
}

/** What `promotion.promote` may be told besides its arguments. */
export interface PromotionPromoteOptions {
  /** The only images to bring, whether or not the target names them. */
  only?: readonly string[] | null;
  /**
   * Whether images that the target does not name are brought, too.
   *
   * @default false
   */
  includeNew?: boolean;
}

/** What `promotion.chain` may be told besides its arguments. */
export interface PromotionChainOptions {
  /** The image of a promotion to check. */
  image?: string | null;
  /** The environment of a promotion to check. */
  to?: string | null;
  /** The environment that the promotion takes the image from; the one before by default. */
  source?: string | null;
}

export namespace promotion {
  /**
   * Sets something in a kustomization's text, as `kustomize edit set` does, and changes not a byte besides.
   *
   * Comments, order, quotes and line breaks stay as they are. Labels become part of selectors, which is a warning.
   *
   * @param text The text of the kustomization.
   * @param what What is set.
   * @param to To what, as `kustomize edit set` takes it; images, replicas, labels and annotations may be several.
   */
  function edit(text: string | Uint8Array, what: "image" | "replicas" | "namespace" | "nameprefix" | "namesuffix" | "label" | "annotation", to: readonly string[], options?: PromotionEditOptions & CallOptions): Promise<Edited>;
  /**
   * Sets something in a kustomization's text, as `kustomize edit set` does, and changes not a byte besides.
   *
   * Comments, order, quotes and line breaks stay as they are. Labels become part of selectors, which is a warning.
   *
   * @param text The text of the kustomization.
   * @param what What is set.
   * @param to To what, as `kustomize edit set` takes it; images, replicas, labels and annotations may be several.
   */
  function editSync(text: string | Uint8Array, what: "image" | "replicas" | "namespace" | "nameprefix" | "namesuffix" | "label" | "annotation", to: readonly string[], options?: PromotionEditOptions & CallSyncOptions): Edited;

  /**
   * Brings the images of one kustomization to those of another, as text.
   *
   * The target keeps its own registry unless the source sets one. By default only images that the target names are brought.
   *
   * @param source The text whose images are brought.
   * @param target The text to which they are brought.
   */
  function promote(source: string | Uint8Array, target: string | Uint8Array, options?: PromotionPromoteOptions & CallOptions): Promise<Promotion>;
  /**
   * Brings the images of one kustomization to those of another, as text.
   *
   * The target keeps its own registry unless the source sets one. By default only images that the target names are brought.
   *
   * @param source The text whose images are brought.
   * @param target The text to which they are brought.
   */
  function promoteSync(source: string | Uint8Array, target: string | Uint8Array, options?: PromotionPromoteOptions & CallSyncOptions): Promotion;

  /**
   * Tells what the environments of a chain run, and what is odd about it.
   *
   * With `image` and `to`, it also tells why what the environment before holds, or `reference`, should not come there.
   *
   * @param environments The environments, in the order in which a version passes through them.
   */
  function chain(environments: readonly ChainEnvironment[], options?: PromotionChainOptions & CallOptions): Promise<ChainReport>;
  /**
   * Tells what the environments of a chain run, and what is odd about it.
   *
   * With `image` and `to`, it also tells why what the environment before holds, or `reference`, should not come there.
   *
   * @param environments The environments, in the order in which a version passes through them.
   */
  function chainSync(environments: readonly ChainEnvironment[], options?: PromotionChainOptions & CallSyncOptions): ChainReport;
}

export namespace rollouts {
  /**
   * Tells what a Rollout will do, step by step: traffic, pods, pauses, and where it is.
   *
   * @param object The Rollout, with its status if it has one.
   */
  function plan(object: object, options?: CallOptions): Promise<RolloutPlan>;
  /**
   * Tells what a Rollout will do, step by step: traffic, pods, pauses, and where it is.
   *
   * @param object The Rollout, with its status if it has one.
   */
  function planSync(object: object, options?: CallSyncOptions): RolloutPlan;

  /**
   * Tells what the controller refuses about a Rollout, with its paths and words.
   *
   * @param object The Rollout, with its status if it has one.
   */
  function validate(object: object, options?: CallOptions): Promise<RolloutProblem[]>;
  /**
   * Tells what the controller refuses about a Rollout, with its paths and words.
   *
   * @param object The Rollout, with its status if it has one.
   */
  function validateSync(object: object, options?: CallSyncOptions): RolloutProblem[];

  /**
   * Tells what is wrong and what is odd about the Rollouts among objects that belong together.
   *
   * @param objects The objects, such as those of a tree.
   */
  function lint(objects: Manifests | readonly object[], options?: CallOptions): Promise<Diagnostic[]>;
  /**
   * Tells what is wrong and what is odd about the Rollouts among objects that belong together.
   *
   * @param objects The objects, such as those of a tree.
   */
  function lintSync(objects: Manifests | readonly object[], options?: CallSyncOptions): Diagnostic[];
}

/** What `secrets.gate` may be told besides its arguments. */
export interface SecretsGateOptions {
  /** The only age recipients that SOPS may encrypt for; null for all. */
  allowedAgeRecipients?: readonly string[] | null;
}

/** What `secrets.scan` may be told besides its arguments. */
export interface SecretsScanOptions {
  /** The only age recipients that SOPS may encrypt for; null for all. */
  allowedAgeRecipients?: readonly string[] | null;
}

export namespace secrets {
  /**
   * Looks through one file for what must not be in Git: plain secrets, and encrypted ones that are not what they should be.
   *
   * A path that does not end in `.yaml`, `.yml` or `.json` is searched as text only. No finding holds a value.
   *
   * @param text Its text.
   * @param path Its path.
   */
  function gate(text: string | Uint8Array, path: string, options?: SecretsGateOptions & CallOptions): Promise<Finding[]>;
  /**
   * Looks through one file for what must not be in Git: plain secrets, and encrypted ones that are not what they should be.
   *
   * A path that does not end in `.yaml`, `.yml` or `.json` is searched as text only. No finding holds a value.
   *
   * @param text Its text.
   * @param path Its path.
   */
  function gateSync(text: string | Uint8Array, path: string, options?: SecretsGateOptions & CallSyncOptions): Finding[];

  /**
   * Looks through every file of a tree; only files with findings are listed, by path.
   *
   * @param tree The tree.
   */
  function scan(tree: Tree, options?: SecretsScanOptions & CallOptions): Promise<FileFindings[]>;
  /**
   * Looks through every file of a tree; only files with findings are listed, by path.
   *
   * @param tree The tree.
   */
  function scanSync(tree: Tree, options?: SecretsScanOptions & CallSyncOptions): FileFindings[];
}

/** What `source.render` may be told besides its arguments. */
export interface SourceRenderOptions {
  /** One tree that answers for every repository that is not named below. */
  tree?: Tree | null;
  /**
   * Trees by repository URL, however it is spelled.
   *
   * @default {}
   */
  repositories?: { readonly [key: string]: Tree };
  /**
   * Charts of Helm repositories, unpacked, by `helm+REPOSITORY/NAME?version=VERSION`.
   *
   * @default {}
   */
  charts?: { readonly [key: string]: Tree };
  /**
   * The commit that stands for `ARGOCD_APP_REVISION`.
   *
   * @default ""
   */
  revision?: string;
  /**
   * The version of Kubernetes that charts see; Helm's own default if it is empty.
   *
   * @default ""
   */
  kubeVersion?: string;
  /**
   * Versions of APIs that charts see besides those that Helm knows.
   *
   * @default []
   */
  apiVersions?: readonly string[];
  /** The time that charts see, in seconds since 1970. */
  now?: number | bigint | null;
  /** The seed of everything random in charts. */
  seed?: number | bigint | null;
}

export namespace source {
  /**
   * Renders the sources of an Application, as Argo CD's repository server does.
   *
   * @param application The Application.
   */
  function render(application: object, options?: SourceRenderOptions & CallOptions): Promise<Manifests>;
  /**
   * Renders the sources of an Application, as Argo CD's repository server does.
   *
   * @param application The Application.
   */
  function renderSync(application: object, options?: SourceRenderOptions & CallSyncOptions): Manifests;
}

/** What `sync.plan` may be told besides its arguments. */
export interface SyncPlanOptions {
  /** The Application, whose sync policy counts. */
  application?: object | null;
  /** The sync part of an operation: `{prune: true, syncOptions: […]}`. */
  operation?: object | null;
  /**
   * Resources that a comparison found modified or not, by `group/kind/namespace/name`.
   *
   * @default {}
   */
  modified?: { readonly [key: string]: boolean };
  /** The live namespace of the Application, if it is there. */
  namespace?: object | null;
  /** The `data` of the ConfigMap `argocd-cm`: its ignore rules count under the sync option `RespectIgnoreDifferences=true`. */
  settings?: object | null;
  /**
   * CustomResourceDefinitions and OpenAPI documents, which tell under that option how lists of custom kinds merge.
   *
   * @default []
   */
  schemas?: readonly object[];
  /**
   * The time in seconds since 1970.
   *
   * @default 0
   */
  now?: number | bigint;
}

/** What `sync.step` may be told besides its arguments. */
export interface SyncStepOptions {
  /** The state that the step before answered; absent at the start. */
  state?: object | null;
  /**
   * Whether the operation is to stop: running hooks are ended, resources stay.
   *
   * @default false
   */
  terminate?: boolean;
  /**
   * What became of the actions of earlier steps.
   *
   * @default []
   */
  outcomes?: readonly ActionOutcome[];
  /** When prunes were confirmed, in seconds since 1970. */
  approvedAt?: number | bigint | null;
  /** The Application, whose sync policy counts. */
  application?: object | null;
  /** The sync part of an operation. */
  operation?: object | null;
  /**
   * Resources that a comparison found modified or not, by `group/kind/namespace/name`.
   *
   * @default {}
   */
  modified?: { readonly [key: string]: boolean };
  /** The live namespace of the Application, if it is there. */
  namespace?: object | null;
  /** The `data` of the ConfigMap `argocd-cm`: its ignore rules count under the sync option `RespectIgnoreDifferences=true`. */
  settings?: object | null;
  /**
   * CustomResourceDefinitions and OpenAPI documents, which tell under that option how lists of custom kinds merge.
   *
   * @default []
   */
  schemas?: readonly object[];
  /**
   * The time in seconds since 1970.
   *
   * @default 0
   */
  now?: number | bigint;
}

/** What `sync.windows` may be told besides its arguments. */
export interface SyncWindowsOptions {
  /**
   * Whether somebody asked for the sync.
   *
   * @default false
   */
  manual?: boolean;
  /** When the operation was started, in seconds since 1970, if it runs. */
  operationStartedAt?: number | bigint | null;
}

export namespace sync {
  /**
   * Plans a sync: what is done, in which order, why, and what is deleted.
   *
   * @param desired What is desired.
   * @param live The Application's own objects in the cluster. Whatever else runs there does not belong here: it would be pruned.
   */
  function plan(desired: Manifests | readonly object[], live: Manifests | readonly object[], options?: SyncPlanOptions & CallOptions): Promise<Plan>;
  /**
   * Plans a sync: what is done, in which order, why, and what is deleted.
   *
   * @param desired What is desired.
   * @param live The Application's own objects in the cluster. Whatever else runs there does not belong here: it would be pruned.
   */
  function planSync(desired: Manifests | readonly object[], live: Manifests | readonly object[], options?: SyncPlanOptions & CallSyncOptions): Plan;

  /**
   * Takes the next step of a sync. The host does the actions, and calls again with what became of them.
   *
   * `state` is the one that the step before answered, absent at the start. It is plain data: write it down, and a crash costs nothing.
   *
   * @param desired What is desired.
   * @param live The Application's own objects in the cluster, as they are now.
   */
  function step(desired: Manifests | readonly object[], live: Manifests | readonly object[], options?: SyncStepOptions & CallOptions): Promise<Stepped>;
  /**
   * Takes the next step of a sync. The host does the actions, and calls again with what became of them.
   *
   * `state` is the one that the step before answered, absent at the start. It is plain data: write it down, and a crash costs nothing.
   *
   * @param desired What is desired.
   * @param live The Application's own objects in the cluster, as they are now.
   */
  function stepSync(desired: Manifests | readonly object[], live: Manifests | readonly object[], options?: SyncStepOptions & CallSyncOptions): Stepped;

  /**
   * Tells whether sync windows let an Application be synced now.
   *
   * @param windows The windows of the project: `spec.syncWindows`.
   * @param application The Application.
   * @param now The time in seconds since 1970.
   */
  function windows(windows: readonly object[], application: object, now: number | bigint, options?: SyncWindowsOptions & CallOptions): Promise<WindowVerdict>;
  /**
   * Tells whether sync windows let an Application be synced now.
   *
   * @param windows The windows of the project: `spec.syncWindows`.
   * @param application The Application.
   * @param now The time in seconds since 1970.
   */
  function windowsSync(windows: readonly object[], application: object, now: number | bigint, options?: SyncWindowsOptions & CallSyncOptions): WindowVerdict;
}

/** What `template.parse` may be told besides its arguments. */
export interface TemplateParseOptions {
  /**
   * The name, for errors.
   *
   * @default "template"
   */
  name?: string;
  /**
   * Which functions it may call.
   *
   * @default "argocd"
   */
  functions?: "go" | "sprig" | "argocd" | "helm";
}

/** What `template.render` may be told besides its arguments. */
export interface TemplateRenderOptions {
  /**
   * What becomes of a key that is not there.
   *
   * @default "default"
   */
  missingKey?: "default" | "zero" | "error";
  /** The time that `now` gives, in seconds since 1970. */
  now?: number | bigint | null;
  /** The seed of everything random. */
  seed?: number | bigint | null;
  /** How many steps it may take, if fewer than usual. */
  maxSteps?: number | bigint | null;
}

export namespace template {
  /**
   * Parses a template once, to be rendered often.
   *
   * @param text The text.
   */
  function parse(text: string, options?: TemplateParseOptions & CallOptions): Promise<Template>;
  /**
   * Parses a template once, to be rendered often.
   *
   * @param text The text.
   */
  function parseSync(text: string, options?: TemplateParseOptions & CallSyncOptions): Template;

  /**
   * Renders a template with data.
   *
   * Without a time, a template that asks for it fails; without a seed, one that asks for randomness does.
   *
   * @param template The template.
   * @param data The data, the `.` of the template.
   */
  function render(template: Template, data: unknown, options?: TemplateRenderOptions & CallOptions): Promise<string>;
  /**
   * Renders a template with data.
   *
   * Without a time, a template that asks for it fails; without a seed, one that asks for randomness does.
   *
   * @param template The template.
   * @param data The data, the `.` of the template.
   */
  function renderSync(template: Template, data: unknown, options?: TemplateRenderOptions & CallSyncOptions): string;

  /**
   * Replaces `{{name}}` by parameters, as ApplicationSets without `goTemplate` do; unknown names stay as they are.
   *
   * @param text The text.
   * @param parameters What names are replaced with.
   */
  function fasttemplate(text: string, parameters: { readonly [key: string]: string }, options?: CallOptions): Promise<string>;
  /**
   * Replaces `{{name}}` by parameters, as ApplicationSets without `goTemplate` do; unknown names stay as they are.
   *
   * @param text The text.
   * @param parameters What names are replaced with.
   */
  function fasttemplateSync(text: string, parameters: { readonly [key: string]: string }, options?: CallSyncOptions): string;
}

/** What `terraform.check_push` may be told besides its arguments. */
export interface TerraformCheckPushOptions {
  /** The state that is there; nothing if there is none. */
  current?: string | Uint8Array | null;
  /**
   * Whether it is pushed with `-force`.
   *
   * @default false
   */
  force?: boolean;
}

export namespace terraform {
  /**
   * Tells what a Terraform plan changes and what has drifted, without a sensitive value.
   *
   * @param plan What `terraform show -json PLANFILE` prints.
   */
  function summarize(plan: string | Uint8Array, options?: CallOptions): Promise<TerraformSummary>;
  /**
   * Tells what a Terraform plan changes and what has drifted, without a sensitive value.
   *
   * @param plan What `terraform show -json PLANFILE` prints.
   */
  function summarizeSync(plan: string | Uint8Array, options?: CallSyncOptions): TerraformSummary;

  /**
   * Tells whether `terraform state push` accepts a state over what is there, and what would be lost.
   *
   * @param candidate The state to push.
   */
  function checkPush(candidate: string | Uint8Array, options?: TerraformCheckPushOptions & CallOptions): Promise<StatePush>;
  /**
   * Tells whether `terraform state push` accepts a state over what is there, and what would be lost.
   *
   * @param candidate The state to push.
   */
  function checkPushSync(candidate: string | Uint8Array, options?: TerraformCheckPushOptions & CallSyncOptions): StatePush;

  /**
   * Names the files that a Terraform project reads: its own, and those of the modules that it uses.
   *
   * @param tree The repository.
   * @param directory The directory of the project.
   */
  function reads(tree: Tree, directory: string, options?: CallOptions): Promise<ModuleReads>;
  /**
   * Names the files that a Terraform project reads: its own, and those of the modules that it uses.
   *
   * @param tree The repository.
   * @param directory The directory of the project.
   */
  function readsSync(tree: Tree, directory: string, options?: CallSyncOptions): ModuleReads;
}

/** What `yaml.parse` may be told besides its arguments. */
export interface YamlParseOptions {
  /**
   * Which of Go's libraries reads it.
   *
   * @default "kubernetes"
   */
  dialect?: "kubernetes" | "kyaml";
  /**
   * A name for the text, for errors.
   *
   * @default ""
   */
  file?: string;
}

/** What `yaml.parse_all` may be told besides its arguments. */
export interface YamlParseAllOptions {
  /**
   * Which of Go's libraries reads it.
   *
   * @default "kubernetes"
   */
  dialect?: "kubernetes" | "kyaml";
  /**
   * A name for the text, for errors.
   *
   * @default ""
   */
  file?: string;
}

/** What `yaml.dump` may be told besides its arguments. */
export interface YamlDumpOptions {
  /**
   * Which of Go's libraries writes it.
   *
   * @default "kubernetes"
   */
  dialect?: "kubernetes" | "kyaml";
}

/** What `yaml.dump_all` may be told besides its arguments. */
export interface YamlDumpAllOptions {
  /**
   * Which of Go's libraries writes them.
   *
   * @default "kubernetes"
   */
  dialect?: "kubernetes" | "kyaml";
}

export namespace yaml {
  /**
   * Reads the first document of a YAML text.
   *
   * What comes behind it is not looked at; an empty text is null. Integers beyond 64 bits keep their value in the dialect
   * `kyaml`; in `kubernetes` they become floats, as in Go.
   *
   * @param text The text.
   */
  function parse(text: string | Uint8Array, options?: YamlParseOptions & CallOptions): Promise<any>;
  /**
   * Reads the first document of a YAML text.
   *
   * What comes behind it is not looked at; an empty text is null. Integers beyond 64 bits keep their value in the dialect
   * `kyaml`; in `kubernetes` they become floats, as in Go.
   *
   * @param text The text.
   */
  function parseSync(text: string | Uint8Array, options?: YamlParseOptions & CallSyncOptions): any;

  /**
   * Reads all documents of a YAML text; an empty document is null.
   *
   * @param text The text.
   */
  function parseAll(text: string | Uint8Array, options?: YamlParseAllOptions & CallOptions): Promise<any[]>;
  /**
   * Reads all documents of a YAML text; an empty document is null.
   *
   * @param text The text.
   */
  function parseAllSync(text: string | Uint8Array, options?: YamlParseAllOptions & CallSyncOptions): any[];

  /**
   * Writes a value as YAML.
   *
   * In the dialect `kubernetes` keys are sorted, as kustomize and Argo CD write manifests; in `kyaml` their order is kept.
   *
   * @param value The value.
   */
  function dump(value: unknown, options?: YamlDumpOptions & CallOptions): Promise<string>;
  /**
   * Writes a value as YAML.
   *
   * In the dialect `kubernetes` keys are sorted, as kustomize and Argo CD write manifests; in `kyaml` their order is kept.
   *
   * @param value The value.
   */
  function dumpSync(value: unknown, options?: YamlDumpOptions & CallSyncOptions): string;

  /**
   * Writes values as one YAML text, with `---` between them.
   *
   * @param values The values.
   */
  function dumpAll(values: readonly unknown[], options?: YamlDumpAllOptions & CallOptions): Promise<string>;
  /**
   * Writes values as one YAML text, with `---` between them.
   *
   * @param values The values.
   */
  function dumpAllSync(values: readonly unknown[], options?: YamlDumpAllOptions & CallSyncOptions): string;
}
