//! Nothing panics, errors know their place, and every project that is planned says why.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trueup_atlantis::*;
use trueup_manifest::{EcoString, FileTree};

fuzz_target!(|text: &[u8]| {
    // The configuration, the server's, and a Terraform file, with a zero byte between.
    let mut parts = text.splitn(3, |byte| *byte == 0);
    let mut part = || parts.next().unwrap_or_default();
    let (config, server, file) = (part(), part(), part());
    let tree = FileTree::from_files([("a/main.tf", file), ("b/modules/m/x.tf", &b""[..])]).unwrap();
    let flags = ServerFlags::default().with_allow_everything(true);
    let server =
        ServerConfig::parse(server, "repos.yaml", flags).unwrap_or_else(|_| ServerConfig::built_in(flags));
    let question = RepoQuestion { tree: Some(&tree), repo_id: "github.com/a/b", branch: Some("main") };
    let config = match RepoConfig::parse(config, &server, &question) {
        Ok(config) => config,
        Err(error) => {
            return assert!(error.position().is_none_or(|position| position.offset <= config.len()));
        }
    };
    let _ = (lint(&config, &server, "github.com/a/b"), needs(&config));
    let changed: [EcoString; 3] = ["a/main.tf".into(), "b/modules/m/x.tf".into(), "c/gone.tf".into()];
    let mut flags = AutoplanFlags::default();
    flags.modules = "**/*.tf".into();
    let question = AutoplanQuestion {
        tree: &tree,
        config: &config,
        server: &server,
        repo_id: "github.com/a/b",
        changed: &changed,
        flags: &flags,
    };
    if let Ok(answer) = autoplan(&question) {
        assert!(answer.plan.iter().chain(&answer.disabled).all(|planned| !planned.because.is_empty()));
    }
});
