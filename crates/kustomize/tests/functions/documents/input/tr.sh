cat > /dev/null
cat <<X
# plain documents
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  x: &a "1"
  y: *a
---
apiVersion: v1
kind: Secret
metadata:
  name: s
  annotations: {}
---
apiVersion: v1
kind: ConfigMapList
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: in-list}
X
