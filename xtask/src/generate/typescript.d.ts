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
