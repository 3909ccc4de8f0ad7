//! What to think of before a restore.

use crate::export::items;
use crate::stage::{Stage, stage_of};
use trueup_manifest::{Diagnostic, EcoString, Object, Value};

/// The cluster that Argo CD runs in, which it always knows.
const IN_CLUSTER: [&str; 2] = ["https://kubernetes.default.svc", "in-cluster"];

/// Returns what is dangerous about restoring a backup.
///
/// - `backup/prunes-empty`: an Application that removes everything by itself as soon as its source renders nothing.
/// - `backup/unknown-destination`: an Application whose cluster is not among those that the new Argo CD knows, by address or by name. Without known
///   clusters nothing is said about that.
/// - `backup/plain-secret`: a Secret in clear.
pub fn dangers(backup: &[Value], known_clusters: Option<&[EcoString]>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for value in items(backup) {
        let key = Object::new(value).key();
        match stage_of(value) {
            Some(Stage::Secrets) => {
                let message = format!("{key} is in the backup in clear");
                found.push(
                    Diagnostic::warning("backup/plain-secret", message)
                        .help("leave secrets out, or keep the backup encrypted"),
                );
            }
            Some(Stage::Applications) => {
                let flag = |name: &str| {
                    value.at(&["spec", "syncPolicy", "automated", name]).and_then(Value::as_bool)
                        == Some(true)
                };
                if flag("prune") && flag("allowEmpty") {
                    let message = format!("{key} removes everything by itself if its source renders nothing");
                    found.push(
                        Diagnostic::warning("backup/prunes-empty", message).help(
                            "restore it without `syncPolicy.automated` until its repository is reached",
                        ),
                    );
                }
                if let Some(cluster) = known_clusters.and_then(|known| unknown_cluster(value, known)) {
                    let message = format!("{key} deploys to `{cluster}`, which is not known");
                    found.push(Diagnostic::warning("backup/unknown-destination", message));
                }
            }
            _ => {}
        }
    }
    found
}

fn unknown_cluster<'v>(application: &'v Value, known: &[EcoString]) -> Option<&'v str> {
    let destination = |key: &str| {
        let text = application.at(&["spec", "destination", key]).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    };
    let cluster = destination("server").or_else(|| destination("name"))?;
    let is_known = IN_CLUSTER.contains(&cluster) || known.iter().any(|known| known == cluster);
    (!is_known).then_some(cluster)
}
