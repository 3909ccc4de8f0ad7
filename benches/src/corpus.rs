//! Made-up manifests of the usual shapes.

use std::fmt::Write;

/// Returns texts with their names.
pub fn made_up() -> Vec<(String, String)> {
    vec![
        ("deployments".into(), (0..400).map(deployment).collect()),
        ("config maps".into(), (0..300).map(config_map).collect()),
        ("custom resource definitions".into(), (0..8).map(definition).collect()),
    ]
}

fn deployment(i: usize) -> String {
    format!(
        r#"---
# Service number {i}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-{i}
  namespace: team-{team}
  labels:
    app.kubernetes.io/name: service-{i}
    app.kubernetes.io/part-of: shop
    app.kubernetes.io/managed-by: kustomize
  annotations:
    prometheus.io/scrape: "true"
    prometheus.io/port: '9090'
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app.kubernetes.io/name: service-{i}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: service-{i}
    spec:
      containers:
        - name: main
          image: registry.example.com/shop/service-{i}:1.{i}.3
          args: ["--port=8080", "--log-level=info"]
          ports:
            - containerPort: 8080
              name: http
              protocol: TCP
          env:
            - name: DATABASE_URL
              value: postgres://db.shop.svc.cluster.local:5432/service_{i}
            - name: PASSWORD
              valueFrom:
                secretKeyRef:
                  name: service-{i}
                  key: password
          resources:
            requests: {{cpu: 100m, memory: 128Mi}}
            limits:
              cpu: "1"
              memory: 512Mi
          readinessProbe:
            httpGet: {{path: /ready, port: http}}
            initialDelaySeconds: 5 # seconds
          volumeMounts:
            - name: config
              mountPath: /etc/service
      volumes:
        - name: config
          configMap:
            name: service-{i}
            defaultMode: 0644
"#,
        team = i % 7,
        replicas = 1 + i % 5,
    )
}

fn config_map(i: usize) -> String {
    let mut text = format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: config-{i}\ndata:\n");
    text.push_str("  application.properties: |\n");
    for line in 0..30 {
        writeln!(text, "    server.setting.{line} = value number {line} of config {i}")
            .expect("a string takes it");
    }
    text.push_str("  run.sh: |-\n    #!/bin/sh\n    set -eu\n\n    if [ -n \"$DEBUG\" ]; then\n      set -x\n    fi\n    exec /app\n");
    for key in 0..20 {
        writeln!(text, "  KEY_{key}: \"{}\"", key * i).expect("a string takes it");
    }
    text
}

fn definition(i: usize) -> String {
    let mut text = format!(
        "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things{i}.example.com\nspec:\n  group: example.com\n  versions:\n  - name: v1\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties:\n"
    );
    for field in 0..400 {
        writeln!(
            text,
            "          field{field}:\n            description: |-\n              Field number {field} says how many of the things there should be at\n              any time, and what happens if there are fewer.\n            type: string\n            x-kubernetes-list-type: atomic\n            items:\n              description: One of the things, which may be of any kind that is known to the cluster, and\n                then some more words to fold.\n              type: object\n              required:\n              - name\n              - key"
        )
        .expect("a string takes it");
    }
    text
}
