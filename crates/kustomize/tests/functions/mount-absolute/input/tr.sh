cat > /dev/null
printf "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\nresults:\n- message: bad thing\n  severity: error\n  field: {path: spec.x}\n"
exit 3
