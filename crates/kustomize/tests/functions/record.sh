#!/bin/sh
# Records the cases beside this script: what `kustomize` hands to each function, what the function answers, and the build's
# output or error. Usage: record.sh KUSTOMIZE [CASE...]
set -eu
kustomize=$1; shift
cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- */
for case in "$@"; do
  case=${case%/}
  rm -rf "$case/stdin" "$case/stdout" "$case/expected.yaml" "$case/error.txt"
  mkdir -p "$case/stdin" "$case/stdout"
  work=$(mktemp -d)
  cp -r "$case/input/." "$work"
  cat > "$work/fn.sh" <<'SCRIPT'
#!/bin/sh
cat > "$RECORD/stdin/$1.yaml"
status=0
sh "./$1.sh" < "$RECORD/stdin/$1.yaml" > "$RECORD/stdout/$1.yaml" || status=$?
cat "$RECORD/stdout/$1.yaml"
[ $status = 0 ] || echo "exit status $status" > "$RECORD/stdout/$1.failure"
exit $status
SCRIPT
  chmod +x "$work/fn.sh"
  if RECORD=$PWD/$case "$kustomize" build --enable-alpha-plugins --enable-exec "$work" \
    > "$case/expected.yaml" 2> "$case/error.txt"; then
    rm "$case/error.txt"
  else
    rm "$case/expected.yaml"
    sed -i "s|$work||g; s/^Error: //" "$case/error.txt"
  fi
  rm -rf "$work"
done
