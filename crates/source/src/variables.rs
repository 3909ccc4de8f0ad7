//! The build environment of a source (`ARGOCD_APP_NAME` …) and its substitution into text.

use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::argocd::{Application, ApplicationSource};

/// The variables that Argo CD sets for a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables(BTreeMap<&'static str, EcoString>);

impl Variables {
    /// Returns the variables of one source of an Application, rendered at a revision.
    pub fn of(application: &Application, source: &ApplicationSource, revision: &str) -> Self {
        let short = |length: usize| EcoString::from(revision.get(..length).unwrap_or(revision));
        Self(BTreeMap::from([
            ("ARGOCD_APP_NAME", application.metadata.name.clone()),
            ("ARGOCD_APP_NAMESPACE", application.spec.destination.namespace.clone()),
            ("ARGOCD_APP_PROJECT_NAME", application.spec.project.clone()),
            ("ARGOCD_APP_REVISION", revision.into()),
            ("ARGOCD_APP_REVISION_SHORT", short(7)),
            ("ARGOCD_APP_REVISION_SHORT_8", short(8)),
            ("ARGOCD_APP_SOURCE_REPO_URL", source.repo_url.clone()),
            ("ARGOCD_APP_SOURCE_PATH", source.path.clone()),
            ("ARGOCD_APP_SOURCE_TARGET_REVISION", source.target_revision.clone()),
        ]))
    }

    /// Replaces `$NAME` and `${NAME}`; `$$` is a dollar sign, an unknown name is empty. The rules are those of Go's `os.Expand`.
    ///
    /// ```
    /// use trueup_source::Variables;
    ///
    /// let application = Default::default();
    /// let variables = Variables::of(&application, &Default::default(), "0123456789abcdef");
    /// assert_eq!(variables.substitute("app:${ARGOCD_APP_REVISION_SHORT}-$$x-$NOPE!"), "app:0123456-$x-!");
    /// ```
    pub fn substitute(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            match reference(after) {
                Some((name, after)) => {
                    out.push_str(self.value(name));
                    rest = after;
                }
                None if after.is_empty() => {
                    out.push('$');
                    rest = after;
                }
                // `${` without an end, or `$` before something that is no name: the dollar sign is eaten.
                None => {
                    rest = if after.starts_with('{') { after.get(1..).unwrap_or_default() } else { after }
                }
            }
        }
        out.push_str(rest);
        out
    }

    fn value(&self, name: &str) -> &str {
        if name == "$" { "$" } else { self.0.get(name).map_or("", |value| value.as_str()) }
    }
}

/// Splits the text after a `$` into the name it refers to and the rest.
fn reference(after: &str) -> Option<(&str, &str)> {
    if let Some(inside) = after.strip_prefix('{') {
        return inside.split_once('}').filter(|(name, _)| !name.is_empty());
    }
    let first = after.chars().next()?;
    let special = matches!(first, '*' | '#' | '$' | '@' | '!' | '?' | '-' | '0'..='9');
    let length = match special {
        true => 1,
        false => after.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(after.len()),
    };
    if length == 0 { None } else { after.split_at_checked(length) }
}
