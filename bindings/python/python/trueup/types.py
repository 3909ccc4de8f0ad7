# Written by `cargo xtask generate` from crates/trueup/src/api; do not edit.
"""The shapes of plain data that operations take and give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypedDict, Union

from ._trueup import Cancel, Comparison, Manifest, Manifests, Plan, Report, Template, Tree

Text = Union[str, bytes, bytearray, memoryview]
"""A text, or its bytes."""

Object = Union[Mapping[str, Any], Manifest]
"""A Kubernetes object, or another map."""

Progress = Callable[[str, int, int, str], object]
"""Is told how far a call is: phase, how much is done, of how much, and what was done last."""

ErrorCode = Union[
    Literal["api/internal", "api/request"],
    Literal["appset/ambiguous-key", "appset/bad-pattern", "appset/cancelled", "appset/document", "appset/duplicate-name", "appset/generate", "appset/limit", "appset/outside-project", "appset/panic", "appset/pattern-matches-git", "appset/render", "appset/shared-objects", "appset/templated-project", "appset/unknown-facts", "appset/unrecognized-generator", "appset/unsupported"],
    Literal["atlantis/bad-pattern", "atlantis/bad-workspace", "atlantis/dependency-cycle", "atlantis/dependency-in-later-group", "atlantis/dependency-in-same-group", "atlantis/duplicate-project", "atlantis/idle-exclusion", "atlantis/ignored-key", "atlantis/invalid-value", "atlantis/not-allowed", "atlantis/shape", "atlantis/syntax", "atlantis/undefined-workflow", "atlantis/unknown-dependency", "atlantis/unknown-mode", "atlantis/unreadable-module"],
    Literal["backup/cascading-delete", "backup/plain-secret", "backup/prunes-empty", "backup/secrets-in-clear", "backup/unknown-destination"],
    Literal["diff/apply", "diff/bad-jq", "diff/bad-last-applied", "diff/bad-managed-fields", "diff/bad-metadata", "diff/bad-setting", "diff/both-absent", "diff/dry-run-without-owner", "diff/excluded-resource", "diff/incomplete-object", "diff/json-merge", "diff/no-defaults", "diff/no-dry-run", "diff/not-an-object", "diff/orphaned-resources", "diff/repeated-resource", "diff/rules", "diff/strategic-merge", "diff/tracking", "diff/wrong-type"],
    Literal["hcl/encoding", "hcl/limit", "hcl/syntax"],
    Literal["health/bad-script", "health/bad-setting", "health/check-failed", "health/never-healthy"],
    Literal["helm/cancelled", "helm/failed", "helm/incompatible-kubernetes", "helm/invalid-archive", "helm/invalid-chart", "helm/invalid-manifest", "helm/invalid-option", "helm/invalid-values", "helm/limit", "helm/missing-dependency", "helm/schema", "helm/template", "helm/template-syntax", "helm/unsupported"],
    Literal["json/syntax"],
    Literal["kustomize/ambiguous-reference", "kustomize/cancelled", "kustomize/configuration", "kustomize/cycle", "kustomize/deprecated-field", "kustomize/function", "kustomize/generator", "kustomize/id-conflict", "kustomize/invalid-kustomization", "kustomize/invalid-manifest", "kustomize/limit", "kustomize/load-restriction", "kustomize/missing-kustomization", "kustomize/missing-remote", "kustomize/missing-resource", "kustomize/not-found", "kustomize/output", "kustomize/patch", "kustomize/replacement", "kustomize/transformer", "kustomize/unsupported", "kustomize/unused-vars", "kustomize/variable"],
    Literal["patch/json", "patch/merge", "patch/strategic", "patch/unsupported"],
    Literal["promotion/anchor-or-alias", "promotion/deprecated-field", "promotion/existing-number-tag", "promotion/flow-root", "promotion/hook-not-undone", "promotion/image-not-in-source", "promotion/immutable-field", "promotion/invalid-annotation-argument", "promotion/invalid-edit", "promotion/invalid-image-argument", "promotion/invalid-label-argument", "promotion/invalid-namespace", "promotion/invalid-replicas-argument", "promotion/label-in-selectors", "promotion/multiple-documents", "promotion/not-a-mapping", "promotion/not-in-previous-environment", "promotion/nothing-to-promote", "promotion/removes-definition", "promotion/removes-namespace", "promotion/rollback-conflict", "promotion/several-names", "promotion/shrinking-volume", "promotion/skipped-environment", "promotion/unknown-environment", "promotion/unknown-image", "promotion/unsupported", "promotion/wrong-type"],
    Literal["rollouts/canary-in-name-only", "rollouts/duration", "rollouts/empty-step", "rollouts/invalid-spec", "rollouts/missing-analysis-template", "rollouts/missing-service", "rollouts/not-a-rollout", "rollouts/out-of-range", "rollouts/replicas-owned-twice", "rollouts/same-pods", "rollouts/service-selector", "rollouts/strategy", "rollouts/weights-not-ascending", "rollouts/wrong-type"],
    Literal["secrets/age-identity", "secrets/auth", "secrets/es-api-version-not-served", "secrets/es-datafrom-exactly-one", "secrets/es-duplicate-key", "secrets/es-duplicate-target", "secrets/es-empty", "secrets/es-invalid-creation-policy", "secrets/es-invalid-deletion-policy", "secrets/es-invalid-policy-combination", "secrets/es-invalid-refresh-interval", "secrets/es-invalid-refresh-policy", "secrets/es-invalid-store-kind", "secrets/es-missing-remote-key", "secrets/es-missing-store", "secrets/es-template-literal", "secrets/expected-encrypted", "secrets/format", "secrets/key", "secrets/mac-mismatch", "secrets/no-matching-identity", "secrets/plaintext-secret", "secrets/private-key-material", "secrets/sealed-deprecated-data", "secrets/sealed-empty", "secrets/sealed-invalid-ciphertext", "secrets/sealed-scope-conflict", "secrets/sealed-scope-mismatch", "secrets/sealed-scope-needs-namespace", "secrets/sealed-template-literal", "secrets/sealed-template-name-ignored", "secrets/secret-data-not-base64", "secrets/secret-generator-plaintext", "secrets/secret-in-annotation", "secrets/secret-key-not-provided", "secrets/sops-missing-mac", "secrets/sops-no-recipients", "secrets/sops-plaintext-value", "secrets/sops-recipient-not-allowed", "secrets/suspicious-config-value", "secrets/suspicious-env-value", "secrets/type", "secrets/unreadable-document", "secrets/unseal", "secrets/unsupported"],
    Literal["source/broken-link", "source/helm-options", "source/kustomize-options", "source/manifest", "source/missing-path", "source/missing-repository", "source/no-source", "source/not-found", "source/path", "source/several-kinds", "source/unsupported", "source/value-file"],
    Literal["sync/application-cycle", "sync/ignored-fields", "sync/incomplete-window", "sync/invalid-duration", "sync/invalid-schedule", "sync/invalid-time", "sync/invalid-window-kind", "sync/prune-guard", "sync/rollback-while-automated", "sync/unknown-history-id", "sync/window-description-too-long"],
    Literal["template/call", "template/cancelled", "template/exec", "template/limit", "template/missing-key", "template/option", "template/parse", "template/unsupported"],
    Literal["terraform/exit-code-lost", "terraform/forced-push", "terraform/limit", "terraform/lower-serial", "terraform/mass-removal", "terraform/newer-terraform", "terraform/not-a-plan", "terraform/number", "terraform/older-state-format", "terraform/project-not-planned", "terraform/refresh-off", "terraform/shape", "terraform/syntax", "terraform/unknown-lineage", "terraform/unknown-project", "terraform/unreadable-state", "terraform/unsupported-format-version"],
    Literal["tree/lookup", "tree/path", "tree/read"],
    Literal["trueup/application", "trueup/duplicate-object", "trueup/facts", "trueup/no-application", "trueup/no-dry-run", "trueup/not-permitted", "trueup/object", "trueup/shared-resource", "trueup/unknown-cluster"],
    Literal["yaml/anchor", "yaml/duplicate-key", "yaml/encoding", "yaml/key", "yaml/limit", "yaml/merge", "yaml/number", "yaml/syntax", "yaml/tag", "yaml/unreadable"],
]
"""What is wrong. A code never changes its meaning; any version may add some."""


class _ActionOutcomeRequired(TypedDict):
    """The answer to an action."""

    id: int
    """The number of the action."""
    outcome: Literal["done", "found", "notFound", "alreadyExists", "failed"]
    """What became of it."""


class ActionOutcome(_ActionOutcomeRequired, total=False):
    """The answer to an action."""

    message: str
    """What there is to say."""
    object: Object | None
    """The object, for `found`."""


class AffectedApplication(TypedDict):
    """An Application that a change concerns."""

    name: str
    """Its name."""
    namespace: str
    """Its own namespace; empty for Argo CD's."""
    reason: Literal["source", "definition", "added", "removed"]
    """Why: a source of it reads a changed file, or it is changed itself, comes, or goes."""
    via: list[str]
    """The changed file, then each directory that reads the one before; empty where no source reads a changed file."""
    origin: str
    """What declares it: a file, or an ApplicationSet and the row that makes it."""
    deletesResources: bool
    """Whether it is removed, and what it deployed with it."""


class AppHealth(TypedDict):
    """How an Application is doing."""

    status: Literal["Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"]
    """The status."""
    causes: list[ObjectRef]
    """The objects that brought it about."""
    resources: list[Health | None]
    """The health of each object, in order; null for those that have none or take no part."""
    diagnostics: list[Diagnostic]
    """Checks that failed."""


class ApplicationReport(TypedDict):
    """What a preview found about one Application."""

    name: str
    """The name."""
    project: str
    """The AppProject."""
    cluster: str
    """The destination cluster: its name if known, else its server."""
    namespace: str
    """The destination namespace."""
    origin: str
    """What declared it: an ApplicationSet and the row that made it, or the file it stands in."""
    sync: Literal["Synced", "OutOfSync", "Unknown"]
    """`Unknown` when it could not be rendered or its cluster is not known."""
    health: str
    """Its health as Argo CD words it: that of its worst live resource. Empty when nobody said what runs."""
    healthCauses: list[str]
    """The objects that brought that health about: `apps/Deployment:namespace/name`. Empty when it is healthy."""
    resources: list[ResourceReport]
    """The resources that differ or are suppressed, sorted by kind and name."""
    plan: list[StepReport]
    """The steps of the sync, in order."""
    deletions: list[ResourceKey]
    """The live resources that the plan deletes, in its order."""
    live: int
    """How many live resources it has."""
    guard: GuardReport | None
    """What the guard says about the deletions; null if there is no guard."""
    blocked: list[str]
    """Why a sync would not begin: the guard, a sync window, a shared resource."""
    conflicts: list[str]
    """Where the order of the plan contradicts what its objects need."""
    diagnostics: list[Diagnostic]
    """What is wrong with it."""


class Autoplan(TypedDict):
    """Which projects a change plans."""

    plan: list[PlannedProject]
    """The projects to plan: by group, in each group those of the configuration first."""
    disabled: list[PlannedProject]
    """The projects that the change affects and that are not planned by themselves."""
    gone: list[str]
    """The projects that the change affects and that are gone."""
    unclaimed: list[str]
    """The changed files that affect no project."""
    needs: ServerNeeds
    """What the server must allow."""
    diagnostics: list[Diagnostic]
    """What could not be found out, and what the configuration says that has no effect."""


class BackgroundAnalysis(TypedDict):
    """An analysis beside the steps of a Rollout."""

    templates: list[str]
    """The names of its templates."""
    startingStep: int
    """The index of the step with which it starts."""


class BuiltAll(TypedDict):
    """What several builds gave."""

    manifests: dict[str, Manifests]
    """The manifests by directory."""
    errors: dict[str, ErrorData]
    """What went wrong, by directory."""


class ChainEnvironment(TypedDict):
    """An environment of a chain."""

    name: str
    """Its name."""
    text: Text
    """The text of its kustomization."""


class ChainReport(TypedDict):
    """What the environments of a chain run."""

    rows: list[ChainRow]
    """One row an image."""
    warnings: list[Diagnostic]
    """What is odd about the chain, and why the promotion should be refused."""


class ChainRow(TypedDict):
    """An image through the environments."""

    image: str
    """The name of the image."""
    references: list[ImageReference | None]
    """What replaces it in each environment; null where the environment does not name it."""


class _ChangeRequired(TypedDict):
    """One field that differs."""

    path: str
    """Where: `spec.template.spec.containers[app].image`."""
    kind: Literal["added", "removed", "changed"]
    """What happened to it."""


class Change(_ChangeRequired, total=False):
    """One field that differs."""

    live: Any
    """The live value, if there is one."""
    desired: Any
    """The desired value, if there is one."""
    managers: list[str]
    """The managers that own the field in the live object, as far as it says."""


class _ClusterFactRequired(TypedDict):
    """A cluster that Argo CD knows."""

    name: str
    """Its name."""
    server: str
    """Its API server's URL."""


class ClusterFact(_ClusterFactRequired, total=False):
    """A cluster that Argo CD knows."""

    project: str
    """The AppProject it belongs to."""
    labels: Mapping[str, str]
    """The labels of its secret."""
    annotations: Mapping[str, str]
    """The annotations of its secret."""


class Collision(TypedDict):
    """An object that more than one Application wants or has: each of them would undo what the others do."""

    cluster: str
    """The cluster."""
    group: str
    """The API group; empty for the core group."""
    kind: str
    """The kind."""
    namespace: str
    """The namespace; empty for what lives in none."""
    name: str
    """The name."""
    applications: list[str]
    """The Applications that desire it, and the one that the live object says it belongs to; sorted."""


class ComparedResource(TypedDict):
    """One object of a comparison."""

    group: str
    """The API group; empty for the core group."""
    kind: str
    """The kind."""
    namespace: str
    """The namespace; empty for what lives in none."""
    name: str
    """The name."""
    state: Literal["synced", "modified", "missing", "extra", "uncounted", "failed"]
    """How it stands."""
    status: Literal["Synced", "OutOfSync", "Unknown"] | None
    """The status; null for what takes no part."""
    requiresPruning: bool
    """Whether a sync with pruning would delete it."""
    hook: bool
    """Whether it is a hook."""
    ignoreExtraneous: bool
    """Whether an extra one is to be overlooked."""
    report: ObjectReport | None
    """What differs; null when it is synced and no rule did anything."""
    diagnostics: list[Diagnostic]
    """Why it could not be compared."""


class ComparisonSummary(TypedDict):
    """How many objects stand how."""

    synced: int
    """Objects as desired."""
    modified: int
    """Objects that differ."""
    missing: int
    """Objects that are not there."""
    extra: int
    """Objects that are not desired."""
    uncounted: int
    """Objects that take no part."""
    failed: int
    """Objects that could not be compared."""


class Conflict(TypedDict):
    """An object that comes before one that it needs."""

    first: ResourceKey
    """The object that comes too early."""
    need: Literal["namespace", "definition", "service-account", "configuration", "storage", "role"]
    """Why it needs the other one."""
    needed: ResourceKey
    """The object that it needs."""
    because: str
    """Why the order is as it is."""


class DecisionFact(TypedDict):
    """The objects of a resource, such as `placementdecisions`."""

    group: str
    """The API group."""
    version: str
    """The API version."""
    resource: str
    """The plural name."""
    objects: Sequence[Object]
    """The objects."""


class Diagnostic(TypedDict):
    """What went wrong, where, and what would help."""

    severity: Literal["note", "warning", "error"]
    """How bad it is: an `error` means that there is no result, or an incomplete one."""
    code: ErrorCode
    """A stable code, `area/what-is-wrong`."""
    message: str
    """One line."""
    locations: list[Location]
    """Where it is, the most telling place first."""
    help: str | None
    """What would help, if it is known."""
    notes: list[str]
    """How we came here, and whatever else belongs to it."""


class Discovery(TypedDict):
    """Argo CD's own objects in a tree."""

    applicationSets: list[FoundObject]
    """The ApplicationSets."""
    applications: list[FoundObject]
    """The Applications."""
    projects: list[FoundObject]
    """The AppProjects."""
    diagnostics: list[Diagnostic]
    """Files that could not be read, objects that stand in several files, and the like."""


class Edited(TypedDict):
    """A text after its edits."""

    text: str
    """The text."""
    changed: bool
    """Whether it is another text than before."""
    notes: list[Diagnostic]
    """What is worth knowing."""


ErrorData = TypedDict(
    "ErrorData",
    {
        "class": "str",
        "code": "ErrorCode",
        "message": "str",
        "help": "str | None",
        "file": "str | None",
        "line": "int | None",
        "column": "int | None",
        "spans": "list[Location]",
        "notes": "list[str]",
        "diagnostics": "list[Diagnostic]",
        "missing": "list[dict[str, Any]]",
    },
)
"""Everything that an error carries, as `to_dict()` and `toJSON()` give it.

- `class`: The class of the exception.
- `code`: A stable code, `area/what-is-wrong`.
- `message`: The message, as the reference words it.
- `help`: What would help, if it is known.
- `file`: The file, as a path in its tree.
- `line`: Line, from 1.
- `column`: Column in characters, from 1.
- `spans`: Every place that has to do with it, the most telling first.
- `notes`: How we came here, and whatever else belongs to it.
- `diagnostics`: Everything that went wrong, this first.
- `missing`: What the host must supply before it asks again."""


class Explanation(TypedDict):
    """Why a field has its value."""

    object: str
    """The manifest: `NAMESPACE/KIND/NAME`, or `KIND/NAME` where it has no namespace."""
    path: str
    """The field, list items by what tells them apart."""
    value: Any
    """What it is in the end; null if it was removed."""
    reasons: list[FieldReason]
    """What changed it, the first first."""


class ExportedBackup(TypedDict):
    """A backup."""

    text: str
    """What is restored, in that order, as YAML."""
    generated: str
    """The Applications that ApplicationSets make, as YAML: they are not restored."""
    secrets: list[SecretEntry]
    """The secrets that there are, whether or not they are exported."""


class Facts(TypedDict, total=False):
    """What is known of the world. What is not said is unknown, which is not the same as empty."""

    clusters: Sequence[ClusterFact] | None
    """The clusters, without the one Argo CD runs in."""
    git: Sequence[GitFact]
    """What is in git repositories."""
    pullRequests: Sequence[PullRequestsFact]
    """Open pull requests."""
    repositories: Sequence[RepositoriesFact]
    """Repositories of code hosts."""
    plugins: Sequence[PluginFact]
    """The answers of plugins."""
    decisionResources: Sequence[DecisionFact]
    """The objects of cluster decision resources."""
    configMaps: Mapping[str, Object | None]
    """The data of ConfigMaps by name; null for one that does not exist."""
    secrets: Mapping[str, Object | None]
    """The decoded data of Secrets by name; null for one that does not exist."""
    projects: Mapping[str, Object | None]
    """AppProjects by name; null for one that does not exist."""
    andNoOthers: bool
    """Whether there are no other ConfigMaps, Secrets and AppProjects."""


class FieldReason(TypedDict):
    """One change of a field."""

    by: str
    """What changed it: `resources`, `images[0]`, `patches[2]`, `name hash`."""
    repository: str
    """The URL of the tree that the file is in; empty for the tree itself."""
    file: str
    """The file; empty for what a build does by itself."""
    line: int | None
    """The line, from 1, if it can be told."""
    before: Any
    """What the field was before; null if it was not there."""
    after: Any
    """What it was afterwards; null if it was gone."""
    follows: str | None
    """The manifest whose name it follows, as `KIND/NAME`."""


class _FieldReportRequired(TypedDict):
    """One field that differs."""

    path: str
    """The path, list items by their key."""


class FieldReport(_FieldReportRequired, total=False):
    """One field that differs."""

    live: Any
    """What runs; absent if the field is not there."""
    desired: Any
    """What a sync would make of it; absent if it takes the field away."""
    manager: str
    """Who last set the live value, when that is known."""
    setBy: SetBy
    """What set the desired value, when that is known."""


class FileFindings(TypedDict):
    """A file with findings."""

    path: str
    """Its path."""
    findings: list[Finding]
    """What was found, by document, then by rule."""


class _FindingRequired(TypedDict):
    """Something that must not be in Git, or looks as if. It names rules, kinds, names, keys and paths, and no value."""

    rule: str
    """The rule, such as `plaintext-secret`; its code is that behind `secrets/`."""
    severity: Literal["note", "warning", "error"]
    """How bad it is."""
    document: int | None
    """The document of the file, from 0; null for a file that is not YAML."""


class Finding(_FindingRequired, total=False):
    """Something that must not be in Git, or looks as if. It names rules, kinds, names, keys and paths, and no value."""

    kind: str | None
    """The kind of the object."""
    name: str | None
    """The name of the object."""
    keys: list[str]
    """The keys, paths or files that it is about."""
    line: int | None
    """The line in the file, from 1, for what is found in text."""
    item: int | None
    """The position of the object in its list, from 0."""
    version: str | None
    """The version that is not served."""


class FoundObject(TypedDict):
    """An object and where it is written down."""

    object: dict[str, Any]
    """The object."""
    file: str
    """The file, as a path in the tree."""


class Generated(TypedDict):
    """What an ApplicationSet generates."""

    applications: list[GeneratedApplication]
    """The Applications in the order in which they are generated."""
    invalid: dict[str, str]
    """What Argo CD would refuse, by `namespace/name`."""
    diagnostics: list[Diagnostic]
    """What is worth knowing besides, and the errors that were passed over."""


class GeneratedApplication(TypedDict):
    """A generated Application."""

    name: str
    """The name."""
    application: dict[str, Any]
    """The Application."""
    origin: str
    """The generator and row that it comes from."""
    parameters: dict[str, Any]
    """The parameters it was rendered with."""


class _GitFactRequired(TypedDict):
    """What is in a revision of a repository."""

    repository: str
    """The URL."""


class GitFact(_GitFactRequired, total=False):
    """What is in a revision of a repository."""

    revision: str
    """The revision, as the generator names it."""
    tree: Tree | None
    """Its files."""
    directories: Sequence[str] | None
    """Its directories, which is enough for directory generators."""
    error: str | None
    """Why it could not be read, if that is known."""


class GuardReport(TypedDict):
    """What the guard says about the deletions of a plan."""

    allowed: int
    """How many live resources may be deleted."""
    refused: bool
    """Whether the plan is refused."""


class Health(TypedDict):
    """How an object is doing."""

    status: Literal["Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"] | None
    """The status; null if a custom check gave none."""
    message: str
    """Why."""


class _IgnoredReportRequired(TypedDict):
    """One difference that does not count."""

    path: str
    """The path."""
    rule: str
    """The rule that suppressed it."""


class IgnoredReport(_IgnoredReportRequired, total=False):
    """One difference that does not count."""

    live: Any
    """What runs."""
    desired: Any
    """What is declared."""


class ImageChanged(TypedDict):
    """An image that a promotion changed."""

    name: str
    """Its name."""
    before: ImageReference | None
    """What it was replaced with; null for an image that the target did not name."""
    after: ImageReference
    """What it is replaced with."""


class ImageReference(TypedDict, total=False):
    """What replaces an image."""

    newName: str | None
    """The name of the image that is used."""
    newTag: str | None
    """Its tag."""
    digest: str | None
    """Its digest."""


class Impact(TypedDict):
    """What a change can reach, and why."""

    changed: list[str]
    """The changed files, sorted."""
    kustomizations: list[ReachedKustomization]
    """The directories whose kustomization reads a changed file."""
    applications: list[AffectedApplication]
    """The Applications that read a changed file or are themselves changed, by name."""
    terraform: TerraformImpact
    """What the change means for Terraform."""
    unclaimed: list[str]
    """The changed files that nothing reads: documentation, workflows, manifests that nobody lists."""
    diagnostics: list[Diagnostic]
    """What could not be found out."""


class Location(TypedDict):
    """A place in a file of a tree."""

    file: str
    """The file, as a path in its tree."""
    span: Span | None
    """The piece of the file, if it is known."""


class ManagedObject(TypedDict, total=False):
    """An object of an Application."""

    target: Object | None
    """The object as desired; null if it is not any more."""
    live: Object | None
    """The object as it is; null if it is not there."""


class Masked(TypedDict):
    """Both sides, masked."""

    target: dict[str, Any] | None
    """The object as desired."""
    live: dict[str, Any] | None
    """The object as it is."""


class ModuleReads(TypedDict):
    """What a project reads."""

    directories: dict[str, list[str]]
    """The directories of the project and of its modules, each with the directories on the way to it."""
    files: list[str]
    """The files in them that Terraform reads."""
    remote: list[ModuleUse]
    """The modules that come from elsewhere."""
    missing: list[ModuleUse]
    """The modules that should be in the tree and are not."""
    diagnostics: list[Diagnostic]
    """Files that cannot be read: what they use is not known."""


class ModuleUse(TypedDict):
    """A module that is used somewhere."""

    name: str
    """The name under which it is used."""
    source: str
    """Where it comes from, as it is written."""
    file: str
    """The file that uses it."""


class ObjectRef(TypedDict):
    """Who an object is."""

    group: str
    """The API group; empty for the core group."""
    kind: str
    """The kind."""
    namespace: str
    """The namespace; empty for what lives in none."""
    name: str
    """The name."""


class ObjectReport(TypedDict):
    """What differs in one object. Secrets are masked."""

    predicted: Any
    """What the live object would become; null when nothing is desired."""
    live: Any
    """The live object; null when there is none."""
    patch: list[dict[str, Any]]
    """JSON Patch operations that lead from live to predicted."""
    text: str
    """A unified text diff in YAML."""
    changes: list[Change]
    """Each field that differs."""
    suppressed: list[RuleNote]
    """What rules took out of the comparison, and which."""


class PlanReason(TypedDict):
    """Why a change affects a project."""

    file: str
    """The changed file."""
    rule: str
    """What it is to the project: `when_modified`, `module` or `file_list`."""
    pattern: str
    """The pattern that it matches, or the directory of the module."""


class PlanStep(TypedDict):
    """One step of a plan."""

    group: int
    """The group it is done in, from 1. A group begins when the one before it is healthy."""
    phase: Literal["PreSync", "Sync", "PostSync", "SyncFail", "Skip"]
    """The phase."""
    wave: int
    """The wave."""
    key: ResourceKey
    """The object."""
    action: Literal["create", "update", "replace", "prune", "hook", "hook-again", "hook-over", "skip"]
    """What is done."""
    options: list[str]
    """The options that are in force for it."""
    reason: Any
    """Why it is there and why there: a word, or a map of the word to what belongs to it."""
    waitsFor: int | None
    """The group that must be healthy before, if any."""


class PlannedProject(TypedDict):
    """A project that a change affects."""

    name: str
    """Its name; empty for none."""
    dir: str
    """Its directory; `.` is the root."""
    workspace: str
    """Its workspace."""
    executionOrderGroup: int
    """Groups run in ascending order."""
    source: str
    """Who named it: `config` or `discovered`."""
    settings: dict[str, Any]
    """Everything that holds for it: requirements, the steps of its workflow, and the rest."""
    because: list[PlanReason]
    """What made it affected: at least one reason."""


class _PluginFactRequired(TypedDict):
    """The answer of a plugin."""

    configMap: str
    """The ConfigMap that the generator names."""
    answer: Object
    """The body of the answer: `{output: {parameters: […]}}`."""


class PluginFact(_PluginFactRequired, total=False):
    """The answer of a plugin."""

    input: Object | None
    """The parameters that are sent; every one if they are absent."""


class Position(TypedDict):
    """A place in a text."""

    offset: int
    """Bytes from the start of the text."""
    line: int
    """Line, from 1."""
    column: int
    """Column in characters, from 1."""


class Promotion(TypedDict):
    """A target after a promotion."""

    text: str
    """The text of the target."""
    changes: list[ImageChanged]
    """What changed, in the order of the source."""
    notes: list[Diagnostic]
    """What is worth knowing."""


class _PullRequestFactRequired(TypedDict):
    """An open pull request."""

    number: int
    """The number."""
    branch: str
    """The branch that is to be merged."""
    headSha: str
    """The commit of the branch."""


class PullRequestFact(_PullRequestFactRequired, total=False):
    """An open pull request."""

    title: str
    """The title."""
    targetBranch: str
    """The branch it is to be merged into."""
    labels: Sequence[str]
    """The labels."""
    author: str
    """The author."""


class _PullRequestsFactRequired(TypedDict):
    """The pull requests that a provider lists."""

    pullRequests: Sequence[PullRequestFact]
    """The pull requests."""


class PullRequestsFact(_PullRequestsFactRequired, total=False):
    """The pull requests that a provider lists."""

    generator: Object | None
    """The generator's section that asks for them; every one if it is absent."""


class ReachedKustomization(TypedDict):
    """A directory whose kustomization reads a changed file, before or after the change."""

    directory: str
    """The directory."""
    via: list[str]
    """The changed file, then each directory that reads the one before; the shortest way."""


class RenderedChart(TypedDict):
    """What a chart rendered to."""

    text: str
    """The text that `helm template` prints."""
    notes: str
    """What the chart says to the user."""
    manifests: Manifests
    """The objects, those of `crds/` and the hooks that were asked for among them."""


class _RepositoriesFactRequired(TypedDict):
    """The repositories that a code host lists."""

    repositories: Sequence[RepositoryFact]
    """The repositories."""


class RepositoriesFact(_RepositoriesFactRequired, total=False):
    """The repositories that a code host lists."""

    generator: Object | None
    """The generator's section that asks for them; every one if it is absent."""


class _RepositoryFactRequired(TypedDict):
    """A branch of a repository that a code host lists."""

    organization: str
    """The organization, group or project."""
    repository: str
    """The name."""
    url: str
    """The clone URL."""
    branch: str
    """The branch."""
    sha: str
    """Its commit."""


class RepositoryFact(_RepositoryFactRequired, total=False):
    """A branch of a repository that a code host lists."""

    id: Any | None
    """The host's id."""
    labels: Sequence[str]
    """The labels or topics."""
    paths: Sequence[str]
    """The paths that exist in the branch, as far as filters ask for them."""


class ResourceKey(TypedDict):
    """What makes an object one object in a cluster."""

    group: str
    """The API group; empty for the core group."""
    kind: str
    """The kind."""
    namespace: str
    """The namespace; empty for what lives in none."""
    name: str
    """The name."""


class ResourceReport(TypedDict):
    """One resource that differs from what runs, or would if no rule suppressed it."""

    group: str
    """The API group; empty for the core group."""
    kind: str
    """The kind."""
    namespace: str
    """The namespace; empty for what lives in none."""
    name: str
    """The name."""
    file: str
    """The file that declares it, as a path in its repository, or the URL of another one and a path there; empty if nobody knows."""
    action: Literal["none", "create", "update", "prune", "keep"]
    """What a sync would do to it."""
    fields: list[FieldReport]
    """The fields that differ."""
    ignored: list[IgnoredReport]
    """The fields that differ but do not count."""


class RestoreVerdict(TypedDict):
    """What became of an object of a backup."""

    group: str
    """The API group; empty for the core group."""
    kind: str
    """The kind."""
    namespace: str
    """The namespace."""
    name: str
    """The name."""
    outcome: str
    """`identical`, `missing`, `extra` or `differs`."""
    paths: list[str]
    """The fields that differ, with dots."""


class RestoreVerification(TypedDict):
    """What became of a backup."""

    complete: bool
    """Whether everything is there as it was backed up, and nothing else."""
    verdicts: list[RestoreVerdict]
    """What became of each object, in the order of a restore."""
    diagnostics: list[Diagnostic]
    """What is dangerous about bringing what is there to what was backed up."""


class RolloutPlan(TypedDict):
    """What a Rollout will do."""

    strategy: str
    """How versions replace each other: `canary` or `blueGreen`."""
    progress: str
    """Where it is: `planned` without a status, `initial`, `restarting`, `running`, `paused`, `aborted`, `promoted`, `finishing` or `complete`."""
    current: int | None
    """The index of the step at which it is; null if it is at none."""
    steps: list[RolloutStep]
    """The steps in order."""
    weight: int
    """The traffic that the new version has now, of `maxWeight`."""
    maxWeight: int
    """What all traffic is."""
    canaryReplicas: int
    """How many pods of the new version there are when the current step is settled."""
    stableReplicas: int
    """How many pods of the stable version there are then."""
    pauseSeconds: int
    """How long the pauses with a duration are altogether, in seconds."""
    firstIndefinitePause: int | None
    """The index of the first pause that lasts until somebody ends it."""
    background: BackgroundAnalysis | None
    """The analysis beside the steps; its failure aborts the rollout."""
    scaleDownDelaySeconds: int | None
    """How long the old pods stay after the last step, in seconds, where there is such a delay."""


class RolloutProblem(TypedDict):
    """Something that the controller refuses."""

    field: str
    """The field as the controller calls it: below `spec.strategy`, it leaves out the name of the strategy."""
    path: str
    """Where the field is in the object."""
    kind: str
    """Of which sort it is, in the words of the API machinery: `Invalid value`, `Required value` and so on."""
    text: str
    """What the controller says about it; empty if it says no more."""


class RolloutStep(TypedDict):
    """One step of a Rollout."""

    index: int
    """Where it is among the steps, from zero."""
    kind: str
    """What it does, such as `setWeight`, `pause` or `switchActive`."""
    weightBefore: int
    """The traffic of the new version before it."""
    weightAfter: int
    """The traffic of the new version after it."""
    pause: str
    """Whether it waits: `none`, `indefinite` or `seconds`."""
    pauseSeconds: int | None
    """How long it waits, in seconds, if that is said."""
    analysis: list[str]
    """The names of the analysis templates that it runs itself."""
    hasBackgroundAnalysis: bool
    """Whether the analysis beside the steps runs during it."""
    canaryReplicas: int
    """How many pods of the new version there are when it is settled."""
    stableReplicas: int
    """How many pods of the stable version there are then."""
    state: str
    """`done`, `current`, `next` or `skipped`."""


class RuleId(TypedDict):
    """Where a rule stands."""

    origin: str
    """`application` or `system`."""
    place: str
    """The place, such as `spec.ignoreDifferences[0].jsonPointers[1]`."""
    rule: str
    """The rule itself."""


class RuleNote(TypedDict):
    """What a rule did to an object."""

    rule: RuleId
    """The rule."""
    removed: list[str]
    """JSON pointers to what it took out of the comparison."""
    error: str | None
    """Why it could not be applied."""


class SecretEntry(TypedDict):
    """A secret, without its values."""

    namespace: str
    """Its namespace."""
    name: str
    """Its name."""
    secretType: str
    """What it is for, such as `repository` or `cluster`; empty if it does not say."""
    keys: list[str]
    """The keys of its data, sorted."""


class ServerNeeds(TypedDict):
    """What the server must allow for the repository's configuration to be accepted."""

    allowedOverrides: list[str]
    """What `allowed_overrides` must name."""
    allowCustomWorkflows: bool
    """Whether `allow_custom_workflows` must be true."""
    serverWorkflows: list[str]
    """The workflows that must be defined there."""


class SetBy(TypedDict):
    """What set a field: the last that changed it."""

    by: str
    """What: `resources`, `images[0]`, `patches[2]`, `template`, `spec.source.kustomize.images`."""
    repository: str
    """The URL of the repository that the file is in, unless it is that of the Application's source."""
    file: str
    """The file; empty for what a build does by itself."""
    line: int | None
    """The line, from 1, if it can be told."""
    follows: str | None
    """The manifest whose name the field follows, as `KIND/NAME`."""


class Span(TypedDict):
    """A piece of a text, from `start` up to but not including `end`."""

    start: Position
    """Where it starts."""
    end: Position
    """Where it ends."""


class StatePush(TypedDict):
    """Whether a state may be pushed, and what follows."""

    allowed: bool
    """Whether Terraform accepts it."""
    rule: str
    """What decided, such as `newer-serial` or `lineage-differs`."""
    serialAfter: int | None
    """The serial that is stored afterwards, if it is allowed."""
    orphaned: list[str]
    """What is there and not in the candidate: Terraform would forget these objects."""
    resurrected: list[str]
    """What is in the candidate and not there: Terraform would believe that these objects exist."""
    diagnostics: list[Diagnostic]
    """What to think of before it is done."""


class StepReport(TypedDict):
    """One step of a sync."""

    stage: int
    """The stage it is done in, from 1; a stage begins when the one before it is healthy."""
    phase: str
    """The phase: `PreSync`, `Sync`, `PostSync`."""
    wave: int
    """The wave."""
    group: str
    """The API group; empty for the core group."""
    kind: str
    """The kind."""
    namespace: str
    """The namespace; empty for what lives in none."""
    name: str
    """The name."""
    action: str
    """What is done: `create`, `update`, `replace`, `prune`, `run hook`, `delete and run hook`, `apply over old hook`, `skip`."""
    deletes: bool
    """Whether it deletes a live resource."""
    reason: str
    """Why it stands here; empty when that goes without saying."""
    waitsFor: int | None
    """The stage that must be healthy before; null for the first one."""
    options: list[str]
    """The sync options in force for it."""


class Stepped(TypedDict):
    """What a step gives."""

    state: dict[str, Any]
    """The state after it."""
    operation: Literal["Running", "Terminating", "Succeeded", "Failed", "Error"]
    """How the operation stands."""
    message: str
    """What there is to say."""
    actions: list[SyncAction]
    """What the host is asked to do."""
    next: str
    """When to call again: `outcomes`, `change` (of live objects), or `never`."""


class Summary(TypedDict):
    """How many Applications are in which state."""

    synced: int
    """In sync."""
    outOfSync: int
    """Out of sync."""
    unknown: int
    """Could not be rendered or compared."""
    created: int
    """Resources that a sync would create."""
    updated: int
    """Resources that a sync would change."""
    pruned: int
    """Resources that a sync would delete."""
    unhealthy: int
    """Applications that are not healthy, of those whose health is known."""
    blocked: int
    """Applications whose sync would not begin."""


class SyncAction(TypedDict):
    """Something that the host is asked to do. Actions of one step may be done at the same time, in any order."""

    id: int
    """The number that its outcome is reported under."""
    kind: str
    """What to do: `write`, `delete`, `removeFinalizer`, `read` or `waveDone`."""
    key: ResourceKey
    """The object."""
    version: str
    """The API version of the object."""
    phase: Literal["PreSync", "Sync", "PostSync", "SyncFail", "Skip"]
    """The phase it belongs to."""
    wave: int
    """The wave it belongs to."""
    repeated: bool
    """Whether it may have been done before a crash. What is already so then counts as done."""
    manifest: dict[str, Any] | None
    """The manifest to write; null for everything else."""
    how: dict[str, Any] | None
    """How it is written, deleted, or whether it was the last wave; null if there is nothing to say."""
    text: str
    """The action as people read it."""


class TerraformImpact(TypedDict):
    """What a change means for Terraform."""

    projects: list[TerraformProject]
    """The projects that Atlantis plans, in its order."""
    projectsByModule: list[TerraformProject]
    """Projects that Atlantis does not plan although they read a changed file, through their modules."""
    gaps: list[str]
    """The changed files that only those projects read: patterns of `when_modified` that are missing."""


class TerraformProject(TypedDict):
    """A Terraform project that a change reaches."""

    name: str
    """Its name, or its directory where it has none."""
    directory: str
    """Its directory."""
    because: list[str]
    """The changed files that reach it, and by which rule."""


class TerraformSummary(TypedDict):
    """What a plan says. It holds no sensitive value."""

    verdict: str
    """What follows from it: `in-sync`, `changes`, `drift-only`, `drifted` or `errored`."""
    exitCode: int
    """What `terraform plan -detailed-exitcode` returns."""
    complete: bool
    """False for a plan that leaves something out: it proves nothing about that."""
    errored: bool
    """Whether planning failed."""
    counts: dict[str, int]
    """How many entries there are of each kind, moves and imports counted on top."""
    addChangeDestroy: list[int]
    """How many objects are added, changed and destroyed."""
    resources: list[Any]
    """The objects on which something is to be done."""
    drift: list[Any]
    """The objects that have changed outside of Terraform."""
    outputs: list[Any]
    """The outputs that change."""
    checks: list[Any]
    """What checks found."""
    deferred: list[Any]
    """What is put off to a later plan."""
    text: str
    """All of it for people."""


class WindowVerdict(TypedDict):
    """What sync windows say."""

    canSync: bool
    """Whether the Application may be synced now."""
    matching: list[dict[str, Any]]
    """The windows that match the Application."""
    active: list[dict[str, Any]]
    """Those of them that are open."""


class ReportData(TypedDict):
    """What a preview of a repository found."""

    repository: str
    """A name for the repository, for headings."""
    applicationSets: int
    """How many ApplicationSets were evaluated."""
    objects: int
    """How many objects were rendered."""
    summary: Summary
    """What the Applications add up to."""
    collisions: list[Collision]
    """Objects that more than one Application wants or has, sorted by cluster and object."""
    applications: list[ApplicationReport]
    """The Applications, sorted by name."""
    diagnostics: list[Diagnostic]
    """What concerns no single Application."""


class ComparisonData(TypedDict):
    """A whole comparison."""

    status: Literal["Synced", "OutOfSync", "Unknown"]
    """The status of the Application."""
    resources: list[ComparedResource]
    """Every object: the desired ones in their order, then the others."""
    summary: ComparisonSummary
    """How many stand how."""
    diagnostics: list[Diagnostic]
    """What is wrong with the input as a whole."""


class PlanData(TypedDict):
    """What a sync would do."""

    steps: list[PlanStep]
    """The steps in order. Those with the same group are done together."""
    deletions: list[int]
    """The live objects that would be deleted: positions in `steps`."""
    live: int
    """How many live resources the Application has."""
    conflicts: list[Conflict]
    """Dependencies that the order contradicts."""


__all__ = [
    "ActionOutcome",
    "AffectedApplication",
    "AppHealth",
    "ApplicationReport",
    "Autoplan",
    "BackgroundAnalysis",
    "BuiltAll",
    "ChainEnvironment",
    "ChainReport",
    "ChainRow",
    "Change",
    "ClusterFact",
    "Collision",
    "ComparedResource",
    "ComparisonData",
    "ComparisonSummary",
    "Conflict",
    "DecisionFact",
    "Diagnostic",
    "Discovery",
    "Edited",
    "ErrorCode",
    "ErrorData",
    "Explanation",
    "ExportedBackup",
    "Facts",
    "FieldReason",
    "FieldReport",
    "FileFindings",
    "Finding",
    "FoundObject",
    "Generated",
    "GeneratedApplication",
    "GitFact",
    "GuardReport",
    "Health",
    "IgnoredReport",
    "ImageChanged",
    "ImageReference",
    "Impact",
    "Location",
    "ManagedObject",
    "Masked",
    "ModuleReads",
    "ModuleUse",
    "Object",
    "ObjectRef",
    "ObjectReport",
    "PlanData",
    "PlanReason",
    "PlanStep",
    "PlannedProject",
    "PluginFact",
    "Position",
    "Progress",
    "Promotion",
    "PullRequestFact",
    "PullRequestsFact",
    "ReachedKustomization",
    "RenderedChart",
    "ReportData",
    "RepositoriesFact",
    "RepositoryFact",
    "ResourceKey",
    "ResourceReport",
    "RestoreVerdict",
    "RestoreVerification",
    "RolloutPlan",
    "RolloutProblem",
    "RolloutStep",
    "RuleId",
    "RuleNote",
    "SecretEntry",
    "ServerNeeds",
    "SetBy",
    "Span",
    "StatePush",
    "StepReport",
    "Stepped",
    "Summary",
    "SyncAction",
    "TerraformImpact",
    "TerraformProject",
    "TerraformSummary",
    "Text",
    "WindowVerdict",
]
_HANDLES = (Cancel, Comparison, Manifests, Plan, Report, Template, Tree)
