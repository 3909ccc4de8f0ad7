#!/bin/sh
# Builds a program that answers for Argo CD 3.6 or kustomize 5.8.1 itself:
#
#     fuzz/reference.sh sync|appset|kustomize PROGRAM
#
# All are checked with Go 1.26.
# sync:   gitops-engine 3.6.1 asks for Go 1.27, with which `go build` in fuzz/sync/reference is enough. For Go 1.26 its module is
#         copied aside, asked for less, and given the experiment that Go 1.27 has built in.
# appset: Argo CD 3.6 is checked out beside the program, at the last commit that Go 1.26 builds; a checkout that is there is used.
# kustomize: told its version, which the label of `buildMetadata: [managedByLabel]` shows.
set -eu

argocd=37ee0097cf851bc2dd7665fc081bbce61a7e836e
if [ $# -ne 2 ]; then
    echo "usage: $0 sync|appset|kustomize PROGRAM" >&2
    exit 2
fi
program=$(realpath -m "$2")
cd "$(dirname "$0")/$1/reference"

if [ "$1" = kustomize ]; then
    exec go build -ldflags "-X sigs.k8s.io/kustomize/api/provenance.version=kustomize/v5.8.1" -o "$program" .
fi

if [ "$1" = appset ]; then
    test -d argo-cd || git clone --filter=blob:none --no-checkout https://github.com/argoproj/argo-cd argo-cd
    test -f argo-cd/go.mod || git -C argo-cd checkout --quiet "$argocd"
    exec go build -o "$program" .
fi

minor=$(go env GOVERSION | sed 's/^go1\.\([0-9]*\).*/\1/')
if [ "$minor" -ge 27 ]; then
    exec go build -o "$program" .
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp ./* "$work"
cd "$work"
engine=github.com/argoproj/argo-cd/gitops-engine/v3
version=$(sed -n "s#.*$engine \(v3[0-9.]*\).*#\1#p" go.mod | head -n 1)
# The module is downloaded even where it says that it cannot be used.
zip=$(cd / && go mod download -json "$engine@$version" | sed -n 's/.*"Zip": "\(.*\)".*/\1/p')
unzip -q "$zip" -d zip
mv "zip/$engine@$version" engine
chmod -R u+w engine
go mod edit -go=1.26.0 engine/go.mod
go mod edit -go=1.26.0 -replace="$engine=./engine"
GOEXPERIMENT=jsonv2 GOFLAGS=-mod=mod go build -o "$program" .
