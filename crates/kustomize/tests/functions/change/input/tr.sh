cat > /dev/null
cat <<X
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: keep-s
    namespace: ns
    annotations:
      internal.config.kubernetes.io/previousNames: keep,keep
      internal.config.kubernetes.io/previousNamespaces: default,ns
      internal.config.kubernetes.io/previousKinds: ConfigMap,ConfigMap
      internal.config.kubernetes.io/suffixes: -s
  data:
    a: 2
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: d-s
    namespace: ns
    annotations:
      config.kubernetes.io/path: some/where.yaml
      kustomize.config.k8s.io/id: whatever
      config.k8s.io/id: "3"
  spec:
    replicas: 3
    template:
      spec:
        containers:
        - name: c
          image: i
          command: ["\$(V)"]
          envFrom:
          - configMapRef:
              name: keep
- apiVersion: v1
  kind: Service
  metadata:
    name: added
X
