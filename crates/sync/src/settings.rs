//! What one sync is told to do: its options, from an Application and its operation.

use crate::hooks::{ObjectOptions, SYNC_OPTIONS, option_value};
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use trueup_manifest::argocd::{Application, ManagedNamespaceMetadata, SyncOperation, SyncOperationResource};
use trueup_manifest::{ResourceKey, Value};

/// The field manager of server-side apply.
pub const FIELD_MANAGER: &str = "argocd-controller";
const MIGRATED_MANAGER: &str = "kubectl-client-side-apply";
const MIGRATED_MANAGER_ANNOTATION: &str = "argocd.argoproj.io/client-side-apply-migration-manager";

/// How dependents of a deleted object are treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Propagation {
    /// Dependents go first.
    #[default]
    Foreground,
    /// Dependents go later.
    Background,
    /// Dependents stay.
    Orphan,
}

impl Propagation {
    /// Returns the policy that sync options ask for.
    pub fn from_options(options: &[EcoString]) -> Self {
        let has = |option| has(options, option);
        if has("PrunePropagationPolicy=background") {
            Self::Background
        } else if !has("PrunePropagationPolicy=foreground") && has("PrunePropagationPolicy=orphan") {
            Self::Orphan
        } else {
            Self::Foreground
        }
    }

    /// Returns the word that options use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Foreground => "foreground",
            Self::Background => "background",
            Self::Orphan => "orphan",
        }
    }
}

/// How much of an application a plan may delete.
///
/// Off by default, as in Argo CD. A plan that deletes more is refused before anything is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PruneGuard {
    /// The largest share of the live resources that may be deleted, in percent.
    pub max_percent: Option<u32>,
    /// The largest number of resources that may be deleted.
    pub max_count: Option<usize>,
}

impl PruneGuard {
    /// Returns how many of `live` resources may be deleted.
    pub fn allowed(self, live: usize) -> usize {
        let share = self.max_percent.map_or(live, |percent| live.saturating_mul(percent as usize) / 100);
        share.min(self.max_count.unwrap_or(usize::MAX))
    }
}

/// What one sync is told to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The namespace of the application; objects without one get it.
    pub namespace: EcoString,
    /// The revision that is synced.
    pub revision: EcoString,
    /// Whether objects that are no longer desired are deleted.
    pub prune: bool,
    /// Whether everything is only tried.
    pub dry_run: bool,
    /// Whether objects may be deleted and created again to get through.
    pub force: bool,
    /// Whether manifests are checked against the schema.
    pub validate: bool,
    /// Whether hooks are left out.
    pub skip_hooks: bool,
    /// Whether prunes come after everything else.
    pub prune_last: bool,
    /// Whether objects are replaced instead of applied.
    pub replace: bool,
    /// Whether objects are applied by the server.
    pub server_side_apply: bool,
    /// Whether objects of a kind the cluster does not know are left out of the dry run.
    pub skip_dry_run_on_missing: bool,
    /// Whether objects that are in sync are left alone.
    pub apply_out_of_sync_only: bool,
    /// Whether a resource that another application manages fails the sync.
    pub fail_on_shared: bool,
    /// Whether fields whose differences are ignored stay as they are live; see [`crate::Reconciled::respect`].
    pub respect_ignored: bool,
    /// How dependents of deleted objects are treated.
    pub propagation: Propagation,
    /// The application's own `Prune=` option.
    pub default_prune: Option<EcoString>,
    /// The client-side manager whose fields server-side apply takes over; none switches that off.
    pub migrate_from: Option<EcoString>,
    /// Whether the namespace is created.
    pub create_namespace: bool,
    /// Labels and annotations of that namespace.
    pub namespace_metadata: Option<ManagedNamespaceMetadata>,
    /// The resources of a selective sync; empty for all.
    pub resources: Vec<SyncOperationResource>,
    /// How much may be deleted.
    pub guard: PruneGuard,
}

impl Default for Settings {
    /// A full sync that prunes nothing.
    fn default() -> Self {
        Self {
            namespace: EcoString::new(),
            revision: EcoString::new(),
            prune: false,
            dry_run: false,
            force: false,
            validate: true,
            skip_hooks: false,
            prune_last: false,
            replace: false,
            server_side_apply: false,
            skip_dry_run_on_missing: false,
            apply_out_of_sync_only: false,
            fail_on_shared: false,
            respect_ignored: false,
            propagation: Propagation::Foreground,
            default_prune: None,
            migrate_from: Some(MIGRATED_MANAGER.into()),
            create_namespace: false,
            namespace_metadata: None,
            resources: Vec::new(),
            guard: PruneGuard::default(),
        }
    }
}

impl Settings {
    /// Returns the settings of an operation on an Application.
    pub fn new(app: &Application, operation: &SyncOperation) -> Self {
        let options = operation.sync_options.as_slice();
        let has = |option| has(options, option);
        let strategy = operation.sync_strategy.clone().unwrap_or_default();
        let force = match (&strategy.apply, &strategy.hook) {
            (Some(apply), _) => apply.force,
            (None, Some(hook)) => hook.force,
            (None, None) => false,
        };
        let annotated = app.metadata.annotations.get(MIGRATED_MANAGER_ANNOTATION);
        let manager = annotated.filter(|manager| !manager.is_empty());
        Self {
            namespace: app.spec.destination.namespace.clone(),
            revision: operation.revision.clone(),
            prune: operation.prune,
            dry_run: operation.dry_run,
            force,
            validate: !has("Validate=false"),
            skip_hooks: strategy.apply.is_some() || !operation.resources.is_empty(),
            prune_last: has("PruneLast=true"),
            replace: has("Replace=true"),
            server_side_apply: has("ServerSideApply=true"),
            skip_dry_run_on_missing: has("SkipDryRunOnMissingResource=true"),
            apply_out_of_sync_only: has("ApplyOutOfSyncOnly=true"),
            fail_on_shared: has("FailOnSharedResource=true"),
            respect_ignored: has("RespectIgnoreDifferences=true"),
            propagation: Propagation::from_options(options),
            default_prune: app_option(options, "Prune").map(Into::into),
            migrate_from: (!has("ClientSideApplyMigration=false"))
                .then(|| manager.cloned().unwrap_or_else(|| MIGRATED_MANAGER.into())),
            create_namespace: has("CreateNamespace=true"),
            namespace_metadata: app
                .spec
                .sync_policy
                .as_ref()
                .and_then(|policy| policy.managed_namespace_metadata.clone()),
            resources: operation.resources.clone(),
            guard: PruneGuard::default(),
        }
    }

    /// Returns true if a selective sync (or a full one) has the resource. An empty namespace in the list matches any.
    pub fn selects(&self, key: &ResourceKey) -> bool {
        self.resources.is_empty()
            || self.resources.iter().any(|resource| {
                resource.group == key.group
                    && resource.kind == key.kind
                    && resource.name == key.name
                    && (resource.namespace.is_empty() || resource.namespace == key.namespace)
            })
    }
}

pub(crate) fn has(options: &[EcoString], option: &str) -> bool {
    options.iter().any(|item| item == option)
}

/// Returns what the first `option=value` among an application's sync options holds.
pub(crate) fn app_option<'a>(options: &'a [EcoString], option: &str) -> Option<&'a str> {
    options.iter().find_map(|item| item.strip_prefix(option)?.strip_prefix('='))
}

/// Returns true if an object or the application asks for confirmation before the object is deleted.
pub fn requires_deletion_confirmation(object: &Value, app_options: &[EcoString]) -> bool {
    ["Delete", "Prune"].into_iter().any(|option| {
        let own = option_value(object, SYNC_OPTIONS, option);
        own.or_else(|| app_option(app_options, option)) == Some("confirm")
    })
}

/// The command that writes an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Command {
    /// Create, which fails if it exists.
    Create,
    /// Apply.
    Apply,
    /// Replace the whole object; with force it is deleted and created.
    Replace,
    /// Update in place with the live resource version: what a replace would destroy.
    Update,
}

impl Command {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Apply => "apply",
            Self::Replace => "replace",
            Self::Update => "update",
        }
    }
}

/// How an object is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// With which command.
    pub command: Command,
    /// Whether the server applies it, as [`FIELD_MANAGER`], with conflicts forced.
    pub server_side: bool,
    /// Whether it may be deleted and created again.
    pub force: bool,
    /// Whether it is checked against the schema.
    pub validate: bool,
    /// The client-side manager whose fields are taken over first.
    pub migrate_from: Option<EcoString>,
    /// Whether this is a client-side dry run.
    pub dry_run: bool,
    /// Whether to wait up to 3 seconds for the condition `Established` afterwards; that it does not come is no error.
    pub wait_established: bool,
}

/// Decides how an object is written.
pub fn write(settings: &Settings, target: &Value, live: Option<&Value>, dry_run: bool) -> Write {
    let options = (ObjectOptions::of(Some(target)), ObjectOptions::of(live));
    write_with(settings, target, live, options, dry_run)
}

/// Decides how an object is written, given the sync options of target and live object.
pub(crate) fn write_with(
    settings: &Settings,
    target: &Value,
    live: Option<&Value>,
    (of_target, of_live): (ObjectOptions<'_>, ObjectOptions<'_>),
    dry_run: bool,
) -> Write {
    let on_target = |option| of_target.has(option);
    let on_live = |option| of_live.has(option);
    let dry_run = dry_run || settings.dry_run;
    let replace = settings.replace || on_target("Replace=true") || on_live("Replace=true");
    let server_side = !dry_run
        && !on_target("ServerSideApply=false")
        && (settings.server_side_apply || on_target("ServerSideApply=true"));
    let is_crd = crate::order::is_crd(target);
    let is_kept = || is_crd || trueup_manifest::Object::new(target).kind() == "Namespace";
    let command = match (replace, live.is_some()) {
        (false, _) => Command::Apply,
        (true, false) => Command::Create,
        (true, true) if is_kept() => Command::Update,
        (true, true) => Command::Replace,
    };
    let manager = settings.migrate_from.as_ref().filter(|_| server_side);
    let migrate_from = manager.filter(|m| live.is_some_and(|live| needs_migration(live, m))).cloned();
    Write {
        command,
        server_side: server_side && command == Command::Apply,
        force: settings.force || on_target("Force=true") || on_live("Force=true"),
        validate: settings.validate && !on_target("Validate=false"),
        migrate_from,
        dry_run,
        wait_established: is_crd && !dry_run,
    }
}

/// Returns true if a live object has fields that a client-side manager owns by `Update`.
pub fn needs_migration(live: &Value, manager: &str) -> bool {
    let fields = live.at(&["metadata", "managedFields"]).and_then(Value::as_seq).unwrap_or_default();
    let text = |entry: &Value, key: &str| {
        entry.get(key).and_then(Value::as_str).unwrap_or_default()
            == match key {
                "manager" => manager,
                _ => "Update",
            }
    };
    !manager.is_empty() && fields.iter().any(|entry| text(entry, "manager") && text(entry, "operation"))
}
