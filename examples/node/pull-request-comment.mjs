// What a pull request changes in the manifests of a repository, as a comment: node pull-request-comment.mjs BASE HEAD
//
// BASE and HEAD are two checkouts. Every kustomization of both is built, and what comes of them is compared object by object; secrets are
// masked. The comment goes to standard output, and to the pull request if it runs as a GitHub action with a token (see action.yml).
import { readFileSync } from "node:fs";
import { Cancelled, Tree, TrueupError, diff, kustomize } from "trueup";

/** GitHub takes no longer comments. */
const MAX_LENGTH = 65_000;

/** The manifests of every kustomization, and what went wrong with the others. */
async function render(directory, signal) {
  const tree = await Tree.fromDir(directory);
  return kustomize.buildAll(tree, { strict: false, signal });
}

/** One section a directory whose manifests change. */
async function compare(base, head, signal) {
  const sections = [];
  const directories = new Set([...Object.keys(base.manifests), ...Object.keys(head.manifests)]);
  for (const directory of [...directories].sort()) {
    const [before, after] = [base.manifests[directory] ?? [], head.manifests[directory] ?? []];
    if (head.errors[directory] || base.errors[directory]) continue;
    const comparison = await diff.compare(after, before, { signal });
    const { summary } = comparison;
    const counts = { changed: summary.modified, added: summary.missing, removed: summary.extra };
    const told = Object.entries(counts).filter(([, count]) => count > 0);
    if (told.length === 0) continue;
    const title = told.map(([what, count]) => `${count} ${what}`).join(", ");
    sections.push(`<details><summary><code>${directory || "."}</code>: ${title}</summary>\n\n${comparison.toMarkdown()}\n</details>`);
  }
  return sections;
}

/** What cannot be built any more, with its place. */
function broken(base, head) {
  return Object.entries(head.errors).map(([directory, error]) => {
    const place = [error.file, error.line].filter((part) => part !== null).join(":");
    const since = base.errors[directory] ? "was broken before" : "broken by this pull request";
    return `- \`${directory || "."}\` (${since}): ${error.message.replaceAll("\n", " ")}${place && ` at \`${place}\``}`;
  });
}

async function comment(baseDirectory, headDirectory, signal) {
  const [base, head] = await Promise.all([render(baseDirectory, signal), render(headDirectory, signal)]);
  const [sections, problems] = [await compare(base, head, signal), broken(base, head)];
  const parts = ["### Manifests"];
  if (problems.length > 0) parts.push(`**${problems.length} cannot be built**\n\n${problems.join("\n")}`);
  parts.push(sections.length > 0 ? sections.join("\n") : "Nothing changes.");
  const text = parts.join("\n\n") + "\n";
  const failed = problems.some((problem) => problem.includes("broken by this pull request"));
  return { text: text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}\n\n… cut here\n`, failed };
}

/** Writes the comment under the pull request that started the action. */
async function post(body) {
  const { GITHUB_API_URL, GITHUB_EVENT_PATH, GITHUB_REPOSITORY, GITHUB_TOKEN } = process.env;
  if (!GITHUB_TOKEN || !GITHUB_EVENT_PATH) return;
  const { number } = JSON.parse(readFileSync(GITHUB_EVENT_PATH, "utf8"));
  const response = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues/${number}/comments`, {
    method: "POST",
    headers: { authorization: `Bearer ${GITHUB_TOKEN}`, accept: "application/vnd.github+json" },
    body: JSON.stringify({ body }),
  });
  if (!response.ok) throw new Error(`GitHub answered ${response.status}`);
}

const [base, head] = process.argv.slice(2);
if (!base || !head) {
  console.error("usage: node pull-request-comment.mjs BASE HEAD");
  process.exit(64);
}
try {
  const { text, failed } = await comment(base, head, AbortSignal.timeout(60_000));
  process.stdout.write(text);
  await post(text);
  process.exitCode = failed ? 1 : 0;
} catch (error) {
  if (error instanceof Cancelled) console.error("this takes longer than a minute");
  else if (error instanceof TrueupError) console.error(String(error));
  else throw error;
  process.exitCode = 1;
}
