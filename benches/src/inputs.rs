//! Kustomizations of the sizes that hurt, written to a directory.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;
use trueup_manifest::FileTree;

/// Reads a directory into a tree.
pub fn read_tree(root: &Path) -> io::Result<FileTree> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut pending = vec![root.to_path_buf()];
    while let Some(directory) = pending.pop() {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            match path.is_dir() {
                true => pending.push(path),
                false => {
                    let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
                    files.push((name, fs::read(&path)?));
                }
            }
        }
    }
    FileTree::from_files(files).map_err(io::Error::other)
}

/// Writes one of the inputs by its short name and its size, as in `overlays:30`.
pub fn by_name(name: &str, root: &Path) -> io::Result<Vec<String>> {
    let (name, size) = name.split_once(':').unwrap_or((name, ""));
    let size = size.parse().unwrap_or(1);
    match name {
        "tiny" => tiny(root),
        "overlays" => overlays(root, size),
        "large" => large(root, size),
        "replacements" => replacements(root, size, size / 5),
        "definitions" => definitions(root, size),
        _ => Err(io::Error::other("no such input")),
    }
}

fn write(root: &Path, path: &str, text: &str) -> io::Result<()> {
    let file = root.join(path);
    fs::create_dir_all(file.parent().unwrap_or(root))?;
    fs::write(file, text)
}

/// `services` bases and three overlays of each; returns the overlays' directories.
pub fn overlays(root: &Path, services: usize) -> io::Result<Vec<String>> {
    let mut directories = Vec::new();
    for service in 0..services {
        let name = format!("service-{service}");
        let base = format!("services/{name}/base");
        write(root, &format!("{base}/deployment.yaml"), &deployment(&name))?;
        write(root, &format!("{base}/service.yaml"), &self::service(&name))?;
        write(root, &format!("{base}/app.properties"), "a=1\nb=2\n")?;
        write(
            root,
            &format!("{base}/kustomization.yaml"),
            &format!(
                "resources: [deployment.yaml, service.yaml]\nconfigMapGenerator:\n- name: {name}-settings\n  files: [app.properties]\n  \
                 literals: [PORT=80]\nlabels:\n- pairs: {{team: shop}}\n"
            ),
        )?;
        for environment in ["development", "staging", "production"] {
            let overlay = format!("services/{name}/overlays/{environment}");
            write(
                root,
                &format!("{overlay}/kustomization.yaml"),
                &format!(
                    "namespace: {environment}\nresources: [../../base]\nimages:\n- name: {name}\n  newTag: v2\nreplicas:\n- name: {name}\n  \
                     count: 3\nlabels:\n- pairs: {{environment: {environment}}}\npatches:\n- target: {{kind: Deployment}}\n  patch: |-\n    - op: \
                     add\n      path: /metadata/annotations\n      value: {{patched: \"yes\"}}\n- path: resources.yaml\n"
                ),
            )?;
            write(
                root,
                &format!("{overlay}/resources.yaml"),
                &format!(
                    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  template:\n    spec:\n      containers:\n      - \
                     name: app\n        resources: {{limits: {{memory: 1Gi}}}}\n"
                ),
            )?;
            directories.push(overlay);
        }
    }
    Ok(directories)
}

/// One kustomization with `resources` resources, a prefix, labels, images and 50 patches.
pub fn large(root: &Path, resources: usize) -> io::Result<Vec<String>> {
    let mut documents = String::new();
    for index in 0..resources / 4 {
        let name = format!("app-{index}");
        let config = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  key: value-{index}\n"
        );
        let account = format!("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n");
        for document in [deployment(&name), service(&name), config, account] {
            write!(documents, "---\n{document}").unwrap_or_default();
        }
    }
    write(root, "large/resources.yaml", &documents)?;
    let mut kustomization = "namePrefix: pre-\nnamespace: shop\nresources: [resources.yaml]\ncommonLabels: {team: shop}\nimages:\n".to_owned();
    for index in 0..50 {
        writeln!(kustomization, "- name: app-{index}\n  newTag: v{index}").unwrap_or_default();
    }
    kustomization.push_str("patches:\n");
    for index in 0..50 {
        let patch = "- op: add\n      path: /metadata/annotations\n      value: {patched: \"yes\"}";
        writeln!(
            kustomization,
            "- target: {{kind: Deployment, name: app-{index}}}\n  patch: |-\n    {patch}"
        )
        .unwrap_or_default();
    }
    write(root, "large/kustomization.yaml", &kustomization)?;
    Ok(vec!["large".to_owned()])
}

/// `replacements` replacements over `resources` resources.
pub fn replacements(root: &Path, resources: usize, replacements: usize) -> io::Result<Vec<String>> {
    let mut documents = String::new();
    for index in 0..resources {
        write!(documents, "---\n{}", deployment(&format!("app-{index}"))).unwrap_or_default();
    }
    write(root, "replaced/resources.yaml", &documents)?;
    let mut kustomization = "resources: [resources.yaml]\nreplacements:\n".to_owned();
    for index in 0..replacements {
        let source = format!("source: {{kind: Deployment, name: app-{index}, fieldPath: metadata.name}}");
        let select = format!("select: {{kind: Deployment, name: app-{}}}", (index + 1) % resources);
        let path = "spec.template.spec.containers.[name=app].env.[name=PEER].value";
        writeln!(
            kustomization,
            "- {source}\n  targets:\n  - {select}\n    fieldPaths: ['{path}']\n    options: {{create: true}}"
        )
        .unwrap_or_default();
    }
    write(root, "replaced/kustomization.yaml", &kustomization)?;
    Ok(vec!["replaced".to_owned()])
}

/// An overlay with a prefix, labels and a namespace over bases with custom resource definitions of `bytes` bytes together.
pub fn definitions(root: &Path, bytes: usize) -> io::Result<Vec<String>> {
    /// What one definition of the larger sort has.
    const ONE: usize = 250_000;
    let mut resources = String::new();
    for index in 0..bytes.div_ceil(ONE) {
        write(
            root,
            &format!("crds/base/thing{index}.yaml"),
            &crate::definitions::definition(index, ONE.min(bytes)),
        )?;
        writeln!(resources, "- thing{index}.yaml").unwrap_or_default();
    }
    write(root, "crds/base/kustomization.yaml", &format!("resources:\n{resources}"))?;
    write(root, "crds/controller/deployment.yaml", &deployment("controller"))?;
    write(root, "crds/controller/service.yaml", &service("controller"))?;
    write(
        root,
        "crds/controller/kustomization.yaml",
        "namePrefix: things-\nresources: [deployment.yaml, service.yaml]\n",
    )?;
    let patch = "- op: add\n      path: /metadata/annotations/cert-manager.io~1inject-ca-from\n      value: things/serving";
    write(
        root,
        "crds/overlay/kustomization.yaml",
        &format!(
            "namespace: things\nresources: [../base, ../controller]\ncommonLabels: {{app.kubernetes.io/part-of: things}}\nimages:\n- \
             name: controller\n  newTag: v3\npatches:\n- target: {{kind: CustomResourceDefinition, name: things0.example.com}}\n  patch: \
             |-\n    {patch}\n"
        ),
    )?;
    Ok(vec!["crds/overlay".to_owned()])
}

/// Small directories as most are: one resource, a namespace and a label.
pub fn tiny(root: &Path) -> io::Result<Vec<String>> {
    write(root, "tiny/service.yaml", &service("web"))?;
    write(
        root,
        "tiny/kustomization.yaml",
        "namespace: web\nlabels:\n- pairs: {team: web}\nresources: [service.yaml]\n",
    )?;
    Ok(vec!["tiny".to_owned()])
}

/// A deployment as most are.
pub fn deployment(name: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  labels:\n    app: {name}\nspec:\n  replicas: 1\n  selector:\n    \
         matchLabels:\n      app: {name}\n  template:\n    metadata:\n      labels:\n        app: {name}\n    spec:\n      serviceAccountName: \
         {name}\n      containers:\n      - name: app\n        image: {name}:v1\n        ports:\n        - containerPort: 8080\n        env:\n        - \
         name: MODE\n          value: \"on\"\n        envFrom:\n        - configMapRef:\n            name: {name}\n        resources:\n          requests:\n            \
         cpu: 100m\n            memory: 128Mi\n"
    )
}

fn service(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    app: {name}\n  ports:\n  - port: 80\n    targetPort: 8080\n"
    )
}
