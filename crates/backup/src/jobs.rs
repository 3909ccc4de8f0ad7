//! Jobs that write secrets into backups.

use trueup_manifest::{Diagnostic, Object, Value};

/// Returns a warning for each CronJob and Job whose command reads secrets to write them somewhere: `kubectl get secret` and `argocd admin export`.
///
/// It tells the object and the container, not the command.
///
/// ```
/// use trueup_manifest::yaml::{self, ParseOptions};
///
/// let text = b"{apiVersion: batch/v1, kind: Job, metadata: {name: backup}, spec: {template: {spec: {containers: [
///   {name: backup, command: [sh, -c, kubectl get secret argocd-secret -o yaml > /backup/secret.yaml]}]}}}}";
/// let found = trueup_backup::lint_jobs(&yaml::parse_stream(text, &ParseOptions::kubernetes()).unwrap());
/// assert_eq!(found[0].code, "backup/secrets-in-clear");
/// ```
pub fn lint_jobs(objects: &[Value]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for value in objects {
        let object = Object::new(value);
        let pods: &[&str] = match (object.group(), object.kind()) {
            ("batch", "CronJob") => &["spec", "jobTemplate", "spec", "template", "spec"],
            ("batch", "Job") => &["spec", "template", "spec"],
            _ => continue,
        };
        let Some(pods) = value.at(pods) else { continue };
        let lists = ["initContainers", "containers"].into_iter().filter_map(|key| pods.get(key)?.as_seq());
        for container in lists.flatten().filter(|container| writes_secrets(container)) {
            let name = container.get("name").and_then(Value::as_str).unwrap_or_default();
            let message = format!("container `{name}` of {} writes secrets in clear", object.key());
            found.push(
                Diagnostic::warning("backup/secrets-in-clear", message)
                    .help("leave them out, or encrypt them before they leave the cluster"),
            );
        }
    }
    found
}

fn writes_secrets(container: &Value) -> bool {
    let parts = ["command", "args"].into_iter().filter_map(|key| container.get(key)?.as_seq()).flatten();
    let words: Vec<&str> = parts.filter_map(Value::as_str).flat_map(str::split_whitespace).collect();
    let reads = |from: usize| {
        let command =
            words.iter().skip(from).take_while(|word| !matches!(**word, ";" | "|" | "&&" | "||" | ">"));
        let mut command = command.skip(1);
        let is_secret = |word: &&str| {
            word.split(',').any(|kind| {
                let kind = kind.split('/').next().unwrap_or_default();
                matches!(kind, "secret" | "secrets")
            })
        };
        command.clone().any(|word| *word == "get") && command.any(is_secret)
    };
    let kubectl = words.iter().enumerate().any(|(at, word)| word.ends_with("kubectl") && reads(at));
    let is_export =
        |words: &[&str]| matches!(words, [argocd, "admin", "export"] if argocd.ends_with("argocd"));
    kubectl || words.windows(3).any(is_export)
}
