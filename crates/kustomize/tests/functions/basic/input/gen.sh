cat <<X
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- kind: ConfigMap
  apiVersion: v1
  metadata:
    name: made
    annotations:
      kustomize.config.k8s.io/needs-hash: "true"
  data:
    k: "v" # c
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: made2
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: local
    annotations:
      config.kubernetes.io/local-config: "true"
results:
- message: hello
  severity: info
X
