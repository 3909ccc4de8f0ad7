cat <<X
apiVersion: v1
kind: ConfigMap
metadata:
  name: one
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: two
  annotations:
    kustomize.config.k8s.io/behavior: create
    kustomize.config.k8s.io/needs-hash: "f"
X
