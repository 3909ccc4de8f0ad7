//! Custom resource definitions as large projects ship them: deep schemas and long descriptions.

use std::fmt::Write;

/// Returns one definition of about `bytes` bytes, as `controller-gen` writes them.
pub fn definition(index: usize, bytes: usize) -> String {
    let mut text = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  annotations:\n    \
         controller-gen.kubebuilder.io/version: v0.16.5\n  name: things{index}.example.com\nspec:\n  group: example.com\n  names:\n    \
         kind: Thing{index}\n    listKind: Thing{index}List\n    plural: things{index}\n    singular: thing{index}\n  scope: Namespaced\n  \
         versions:\n  - additionalPrinterColumns:\n    - jsonPath: .status.conditions[?(@.type==\"Ready\")].status\n      name: Ready\n      \
         type: string\n    name: v1\n    schema:\n      openAPIV3Schema:\n        description: Thing{index} is the Schema for the \
         things{index} API.\n        properties:\n          apiVersion:\n            description: |-\n              APIVersion defines the \
         versioned schema of this representation of an object.\n              Servers should convert recognized schemas to the latest \
         internal value, and\n              may reject unrecognized values.\n            type: string\n          kind:\n            type: \
         string\n          metadata:\n            type: object\n          spec:\n            properties:\n"
    );
    let mut field = 0;
    while text.len() < bytes {
        property(&mut text, field);
        field += 1;
    }
    text.push_str(
        "            type: object\n        type: object\n    served: true\n    storage: true\n    subresources:\n      status: {}\n",
    );
    text
}

fn property(text: &mut String, field: usize) {
    let indent = " ".repeat(14);
    let lines = [
        format!("field{field:05}:"),
        "  description: |-".to_owned(),
        format!("    Field {field} is an optional set of rules, which must match the labels of the node on which"),
        "    the thing runs. If the affinity requirements specified by this field are not met at".to_owned(),
        "    scheduling time, the thing will not be scheduled onto the node.".to_owned(),
        String::new(),
        "    More info: https://example.com/docs/concepts/overview/#required".to_owned(),
        "  items:".to_owned(),
        "    description: 'One of the rules: it matches everything that has one of the".to_owned(),
        "      values, and nothing else.'".to_owned(),
        "    properties:".to_owned(),
        "      key:".to_owned(),
        "        description: The label key that the selector applies to.".to_owned(),
        "        type: string".to_owned(),
        "      operator:".to_owned(),
        "        default: In".to_owned(),
        "        enum: [In, NotIn, Exists]".to_owned(),
        "        type: string".to_owned(),
        "      limit:".to_owned(),
        "        anyOf:".to_owned(),
        "        - type: integer".to_owned(),
        "        - type: string".to_owned(),
        "        pattern: ^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$"
            .to_owned(),
        "        x-kubernetes-int-or-string: true".to_owned(),
        "      values:".to_owned(),
        "        items:".to_owned(),
        "          type: string".to_owned(),
        "        maxItems: 64".to_owned(),
        "        type: array".to_owned(),
        "        x-kubernetes-list-type: atomic".to_owned(),
        "    required:".to_owned(),
        "    - key".to_owned(),
        "    - operator".to_owned(),
        "    type: object".to_owned(),
        "    x-kubernetes-map-type: atomic".to_owned(),
        "  type: array".to_owned(),
        "  x-kubernetes-list-type: atomic".to_owned(),
    ];
    for line in lines {
        match line.is_empty() {
            true => text.push('\n'),
            false => writeln!(text, "{indent}{line}").expect("a string takes it"),
        }
    }
}
