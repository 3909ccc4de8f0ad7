cat <<X
apiVersion: v1
kind: ConfigMap
metadata:
  name: cm
  annotations:
    kustomize.config.k8s.io/behavior: merge
    kustomize.config.k8s.io/needs-hash: "true"
data:
  b: "3"
X
