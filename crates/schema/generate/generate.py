#!/usr/bin/env python3
"""Writes src/kubernetes/tables.rs from facts about Kubernetes types.

usage: generate.py DATA_DIR OUTPUT
DATA_DIR holds k8s-types.json (shapes as Go encodes them) and k8s-smd-schema.json (structured-merge-diff schema).
"""
import json
import sys

# Fields that the shape data leaves open, by "type field"; `[]` is the element of a list.
KNOWN = {
    "admissionregistration/v1alpha1.MutatingAdmissionPolicySpec matchConditions[]": "admissionregistration/v1.MatchCondition",
    "admissionregistration/v1alpha1.ValidatingAdmissionPolicySpec matchConditions[]": "admissionregistration/v1.MatchCondition",
    "admissionregistration/v1alpha1.MutatingAdmissionPolicySpec reinvocationPolicy": "string",
    "admissionregistration/v1beta1.MutatingAdmissionPolicySpec reinvocationPolicy": "string",
    "admissionregistration/v1beta1.MutatingWebhook reinvocationPolicy": "string",
    "admissionregistration/v1beta1.MutatingWebhook rules[]": "admissionregistration/v1.RuleWithOperations",
    "admissionregistration/v1beta1.ValidatingWebhook rules[]": "admissionregistration/v1.RuleWithOperations",
    "authentication/v1alpha1.SelfSubjectReviewStatus userInfo": "authentication/v1.UserInfo",
    "authentication/v1beta1.SelfSubjectReviewStatus userInfo": "authentication/v1.UserInfo",
    "authorization/v1beta1.ResourceAttributes fieldSelector": "authorization/v1.FieldSelectorAttributes",
    "authorization/v1beta1.ResourceAttributes labelSelector": "authorization/v1.LabelSelectorAttributes",
    "batch/v1beta1.JobTemplateSpec spec": "batch/v1.JobSpec",
    "coordination/v1alpha2.LeaseCandidateSpec strategy": "string",
    "coordination/v1beta1.LeaseCandidateSpec strategy": "string",
    "coordination/v1beta1.LeaseSpec strategy": "string",
    "scheduling/v1.PriorityClass preemptionPolicy": "string",
    "scheduling/v1beta1.PriorityClass preemptionPolicy": "string",
}

# Kinds that live outside a namespace, as "type" (any version).
CLUSTER = set("""
admissionregistration.MutatingAdmissionPolicy admissionregistration.MutatingAdmissionPolicyBinding
admissionregistration.MutatingWebhookConfiguration admissionregistration.ValidatingAdmissionPolicy
admissionregistration.ValidatingAdmissionPolicyBinding admissionregistration.ValidatingWebhookConfiguration
apiserverinternal.StorageVersion authentication.SelfSubjectReview authentication.TokenReview
authorization.SelfSubjectAccessReview authorization.SelfSubjectRulesReview authorization.SubjectAccessReview
certificates.CertificateSigningRequest certificates.ClusterTrustBundle core.ComponentStatus core.Namespace core.Node
core.PersistentVolume flowcontrol.FlowSchema flowcontrol.PriorityLevelConfiguration imagepolicy.ImageReview
networking.IPAddress networking.IngressClass networking.ServiceCIDR node.RuntimeClass rbac.ClusterRole
rbac.ClusterRoleBinding resource.DeviceClass resource.DeviceTaintRule resource.ResourcePoolStatusRequest
resource.ResourceSlice scheduling.PriorityClass storage.CSIDriver storage.CSINode storage.StorageClass
storage.VolumeAttachment storage.VolumeAttributesClass storagemigration.StorageVersionMigration
""".split())

# Groups that client-go's scheme does not register, and those that have no defaulting functions.
UNTYPED = {"admission.k8s.io", "imagepolicy.k8s.io", "apidiscovery.k8s.io"}

SHAPES = ["any", "struct", "map", "list", "string", "int", "bool", "quantity", "intOrString", "time", "microtime",
          "bytes", "raw"]
RUST = dict(zip(SHAPES, ["Any", "Struct", "Map", "List", "String", "Integer", "Boolean", "Quantity", "IntOrString",
                         "Time", "MicroTime", "Bytes", "Raw"]))
PLAIN = {"string": "string", "int": "numeric", "bool": "boolean", "quantity": "untyped", "intOrString": "untyped",
         "time": "untyped", "microtime": "untyped", "bytes": "string"}
NONE = 0xFFFF


class Tables:
    def __init__(self, types, smd):
        self.types, self.smd = types, smd
        self.names, self.nodes, self.fields, self.keys, self.patches = {}, [], [], [[]], []
        self.memo = {}
        self.problems = []

    def name(self, text):
        return self.names.setdefault(text, len(self.names))

    def key_set(self, keys):
        for key in keys:
            self.name(key)
        if keys not in self.keys:
            self.keys.append(keys)
        return self.keys.index(keys)

    def patch(self, strategy, key):
        if key:
            self.name(key)
        entry = (strategy, key)
        if entry not in self.patches:
            self.patches.append(entry)
        return self.patches.index(entry)

    def atom(self, ref):
        """Resolves a structured-merge-diff type reference to its atom and relationship override."""
        override = ref.get("elementRelationship")
        named = ref.get("namedType")
        return (self.smd[named], override) if named else (ref, override)

    def node(self, shape, smd_ref):
        """Returns the node of a shape (from the Go types) seen together with a structured-merge-diff reference."""
        if shape["t"] == "struct" and not smd_ref and smd_name(shape["ref"]) in self.smd:
            smd_ref = {"namedType": smd_name(shape["ref"])}
        key = json.dumps([shape_key(shape), smd_ref], sort_keys=True)
        if key in self.memo:
            return self.memo[key]
        index = self.memo[key] = len(self.nodes)
        self.nodes.append(None)
        self.nodes[index] = self.build(shape, smd_ref)
        return index

    def build(self, shape, smd_ref):
        t = shape["t"]
        node = {"shape": RUST[t], "scalar": "None", "list": NONE, "list_rel": "Atomic", "keys": 0, "map": NONE,
                "map_rel": "Granular", "is_map": 0, "start": 0, "len": 0, "type": NONE}
        smd_atom, override = self.atom(smd_ref) if smd_ref else (None, None)
        if t == "any" and smd_ref in ({"namedType": n} for n in ("__untyped_deduced_", "__untyped_atomic_")):
            node["type"] = self.name(smd_ref["namedType"])
        if t == "struct" and shape["ref"] in self.types:
            self.build_struct(node, shape["ref"], smd_atom, override)
        elif t == "list":
            smd_list = (smd_atom or {}).get("list", {})
            if smd_ref and not smd_list:
                self.problems.append(("list without list atom", shape))
            node["list"] = self.node(shape["of"], smd_list.get("elementType"))
            relation = override or smd_list.get("elementRelationship") or "atomic"
            node["list_rel"] = relation.capitalize()
            node["keys"] = self.key_set(smd_list.get("keys", []))
        elif t == "map":
            smd_map = (smd_atom or {}).get("map", {})
            if smd_ref and not smd_map:
                self.problems.append(("map without map atom", shape))
            node["is_map"] = 1
            node["map"] = self.node(shape["of"], smd_map.get("elementType"))
            node["map_rel"] = "Atomic" if (override or smd_map.get("elementRelationship")) == "atomic" else "Granular"
        elif smd_atom and set(smd_atom) - {"name"} != {"scalar"}:
            self.build_open(node, smd_atom, override)
        else:
            scalar = smd_atom.get("scalar") if smd_atom else PLAIN.get(t)
            if scalar is None:
                return self.build_open(node, self.smd["__untyped_deduced_"], None) or node
            node["scalar"] = scalar_name(scalar)
        return node

    def build_struct(self, node, name, smd_atom, override):
        smd_map = (smd_atom or {}).get("map", {})
        smd_fields = {f["name"]: f for f in smd_map.get("fields", [])}
        node["is_map"] = 1
        node["type"] = self.name(name)
        node["map_rel"] = "Atomic" if (override or smd_map.get("elementRelationship")) == "atomic" else "Granular"
        rows = []
        for field, f in sorted(self.types[name].items()):
            smd_field = smd_fields.pop(field, None)
            if smd_atom and not smd_field:
                self.problems.append(("field unknown to smd", name, field))
            f = known(name, field, f)
            child = self.node(f, smd_field["type"] if smd_field else None)
            default = smd_field.get("default") if smd_field else None
            flags = (1 if f.get("ptr") else 0) | (2 if f.get("omitempty") else 0) | (4 if f.get("omitzero") else 0)
            flags |= 0 if smd_field else 8
            patch = NONE
            if "patchStrategy" in f or "patchMergeKey" in f:
                patch = self.patch(f.get("patchStrategy", ""), f.get("patchMergeKey", ""))
            default_name = self.name(json.dumps(default)) if default is not None else NONE
            rows.append((self.name(field), child, flags, patch, default_name))
        if smd_fields:
            self.problems.append(("fields only in smd", name, list(smd_fields)))
        node["start"], node["len"] = len(self.fields), len(rows)
        self.fields.extend(rows)

    def build_open(self, node, atom, override):
        """A value the Go type does not describe: take the structured-merge-diff atom as it is."""
        if "scalar" in atom:
            node["scalar"] = scalar_name(atom["scalar"])
        any_shape = {"t": "any"}
        if "list" in atom:
            node["list"] = self.node(any_shape, atom["list"]["elementType"])
            node["list_rel"] = (override or atom["list"].get("elementRelationship") or "atomic").capitalize()
        if "map" in atom:
            node["is_map"] = 1
            node["map_rel"] = "Atomic" if (override or atom["map"].get("elementRelationship")) == "atomic" else "Granular"
            if "elementType" in atom["map"]:
                node["map"] = self.node(any_shape, atom["map"]["elementType"])
            rows = []
            for field in sorted(atom["map"].get("fields", []), key=lambda f: f["name"]):
                child = self.node(any_shape, field["type"])
                default = field.get("default")
                rows.append((self.name(field["name"]), child, 2, NONE, self.name(json.dumps(default)) if default is not None else NONE))
            node["start"], node["len"] = len(self.fields), len(rows)
            self.fields.extend(rows)


def shape_key(shape):
    t = shape["t"]
    if t == "struct":
        return [t, shape["ref"]]
    return [t, shape_key(shape["of"])] if "of" in shape else [t]


def known(type_name, field, f):
    def to_shape(target):
        return {"t": target} if target in SHAPES else {"t": "struct", "ref": target}
    if f["t"] == "any" and f"{type_name} {field}" in KNOWN:
        return {**f, **to_shape(KNOWN[f"{type_name} {field}"])}
    if f["t"] == "list" and f["of"]["t"] == "any" and f"{type_name} {field}[]" in KNOWN:
        return {**f, "of": to_shape(KNOWN[f"{type_name} {field}[]"])}
    return f


def smd_name(type_name):
    path, name = type_name.rsplit(".", 1)
    group, version = path.split("/")
    base = "io.k8s.apimachinery.pkg.apis.meta" if group == "meta" else f"io.k8s.api.{group}"
    return f"{base}.{version}.{name}"


def wrap(items, per_line):
    return "".join("    " + " ".join(f"{i}," for i in items[at:at + per_line]) + "\n" for at in range(0, len(items), per_line))


def main():
    data_dir, output = sys.argv[1:3]
    shapes = json.load(open(f"{data_dir}/k8s-types.json"))
    smd = {t["name"]: t for t in json.load(open(f"{data_dir}/k8s-smd-schema.json"))["types"]}
    tables = Tables(shapes["types"], smd)
    rules = "NamedRuleWithOperations"
    for version in ("v1alpha1", "v1beta1"):
        shapes["types"][f"admissionregistration/{version}.{rules}"] = shapes["types"][f"admissionregistration/v1.{rules}"]
    types, kinds = {}, []
    for name in sorted(shapes["types"]):
        reference = {"namedType": smd_name(name)} if smd_name(name) in smd else None
        types[name] = tables.node({"t": "struct", "ref": name}, reference)
    for name in ("__untyped_deduced_", "__untyped_atomic_"):
        types[name] = tables.node({"t": "any"}, {"namedType": name})
    for kind, type_name in sorted((tuple(k.split(" ")), t) for k, t in shapes["kinds"].items()):
        api_version, kind_name = kind
        group = api_version.rsplit("/", 1)[0] if "/" in api_version else ""
        path, name = type_name.rsplit(".", 1)
        flags = (1 if group not in UNTYPED else 0) | (2 if smd_name(type_name) in smd else 0)
        fields = shapes["types"][type_name]
        is_object = fields.get("metadata", {}).get("ref") == "meta/v1.ObjectMeta"
        flags |= 4 if is_object else 0
        flags |= 8 if f"{path.split('/')[0]}.{name}" in CLUSTER else 0
        kinds.append((tables.name(api_version), tables.name(kind_name), types[type_name], flags))
    for problem in tables.problems:
        print(problem, file=sys.stderr)
    names = list(tables.names)
    with open(output, "w") as out:
        write(out, tables, names, types, kinds)
    print(len(names), "names", len(tables.nodes), "nodes", len(tables.fields), "fields", len(tables.keys), "key sets", len(tables.patches), "patches", file=sys.stderr)


def scalar_name(text):
    return {"string": "Text", "boolean": "Bool"}.get(text, text.capitalize())


def relation(text):
    return {"Separable": "Granular"}.get(text, text)


def node_row(n):
    """The shortest constructor that says it: scalar, list, map of one type, struct, or everything."""
    maps = n["is_map"]
    if n["list"] == NONE and not maps:
        return f"s({n['shape']}, {n['scalar'].replace('None', 'Nothing')})"
    if n["scalar"] == "None" and n["shape"] == "List":
        return f"l({n['list']}, {relation(n['list_rel'])}, {n['keys']})"
    if n["scalar"] == "None" and n["shape"] == "Map" and n["map"] != NONE:
        return f"m({n['map']}, {n['map_rel']})"
    if n["scalar"] == "None" and n["shape"] == "Struct" and n["map"] == NONE:
        return f"t({n['map_rel']}, {n['start']}, {n['len']}, {n['type']})"
    scalar = n["scalar"].replace("None", "Nothing")
    return f"x({n['shape']}, {scalar}, ({n['list']}, {relation(n['list_rel'])}), ({n['map']}, {n['map_rel']}), ({n['start']}, {n['len']}), {n['type']})"


STRATEGIES = {"": 0, "merge": 1, "replace": 2, "retainKeys": 4, "merge,retainKeys": 5}


def write(out, tables, names, types, kinds):
    offsets = [0]
    for name in names:
        offsets.append(offsets[-1] + len(name))
    text = "".join(names)

    def array(doc, name, kind, rows, per_line):
        out.write(f"/// {doc}\npub(crate) static {name}: [{kind}; {len(rows)}] = [\n{wrap(rows, per_line)}];\n\n")

    flat, sets = [], []
    for keys in tables.keys:
        sets.append(f"({len(flat)}, {len(keys)})")
        flat += [str(tables.names[k]) for k in keys]
    out.write("//! Kubernetes 1.36 types. Written by `generate/generate.py`; do not edit.\n\n")
    out.write("use super::rows::{f, k, l, m, p, s, t, x};\n")
    out.write("use crate::model::Relation::{Associative, Atomic, Granular};\n")
    out.write("use crate::model::Scalar::{Boolean as Bool, Nothing, Numeric, String as Text, Untyped};\n")
    out.write("use crate::model::Shape::{Any, Boolean, Bytes, IntOrString, Integer, MicroTime, Quantity, Raw, String, Time};\n")
    out.write("use crate::model::{FieldRow, KindRow, NodeRow, PatchRow};\n\n")
    chunks = [text[at:at + 110] for at in range(0, len(text), 110)]
    body = "".join(f"    {json.dumps(c)},\n" for c in chunks)
    out.write(f"/// Every name, one after the other.\npub(crate) static TEXT: &str = concat!(\n{body});\n\n")
    array("Where each name starts in the text; one more for the end.", "NAMES", "u32", offsets, 24)
    array("Types.", "NODES", "NodeRow", [node_row(n) for n in tables.nodes], 6)
    array("Fields of structs, each struct's sorted by name.", "FIELDS", "FieldRow",
          ["f(" + ", ".join(map(str, row)) + ")" for row in tables.fields], 6)
    array("Names of list keys.", "KEYS", "u32", flat, 24)
    array("Start and length of each set of list keys.", "KEY_SETS", "(u32, u32)", sets, 12)
    array("Patch strategies with their merge keys.", "PATCHES", "PatchRow",
          [f"p({STRATEGIES[s]}, {tables.names[k] if k else NONE})" for s, k in tables.patches], 8)
    array("Kinds, sorted by apiVersion, then kind.", "KINDS", "KindRow", [f"k({a}, {b}, {n}, {fl})" for a, b, n, fl in kinds], 6)
    array("Type names (sorted) and their nodes.", "TYPES", "(u32, u32)",
          [f"({tables.names[n]}, {i})" for n, i in sorted(types.items())], 10)


main()
