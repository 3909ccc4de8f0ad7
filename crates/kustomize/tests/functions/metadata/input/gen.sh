cat <<X
apiVersion: v1
kind: ConfigMap
metadata:
  name: one
X
