package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	jsonpatch "github.com/evanphx/json-patch"
	jsonpatch5 "github.com/evanphx/json-patch/v5"
	jsonpatch4 "gopkg.in/evanphx/json-patch.v4"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/jsonmergepatch"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/structured-merge-diff/v6/typed"

	gescheme "github.com/argoproj/argo-cd/gitops-engine/v3/pkg/utils/kube/scheme"
)

// Patches: a is the original or the document, b the modified object or the patch, c the live object.
var patchOperations = map[string]func(*request) (json.RawMessage, error){
	"two_way": func(r *request) (json.RawMessage, error) {
		object, err := r.object()
		if err != nil {
			return nil, err
		}
		return strategicpatch.CreateTwoWayMergePatch(r.A, r.B, object)
	},
	"three_way": func(r *request) (json.RawMessage, error) {
		object, err := r.object()
		if err != nil {
			return nil, err
		}
		meta, err := strategicpatch.NewPatchMetaFromStruct(object)
		if err != nil {
			return nil, err
		}
		return strategicpatch.CreateThreeWayMergePatch(r.A, r.B, r.C, meta, r.Overwrite)
	},
	"apply": func(r *request) (json.RawMessage, error) {
		object, err := r.object()
		if err != nil {
			return nil, err
		}
		return strategicpatch.StrategicMergePatch(r.A, r.B, object)
	},
	"jmp3": func(r *request) (json.RawMessage, error) {
		return jsonmergepatch.CreateThreeWayJSONMergePatch(r.A, r.B, r.C)
	},
	"jmp_create": func(r *request) (json.RawMessage, error) { return jsonpatch.CreateMergePatch(r.A, r.B) },
	"jmp_create4": func(r *request) (json.RawMessage, error) {
		return jsonpatch4.CreateMergePatch(r.A, r.B)
	},
	"jmp_create5": func(r *request) (json.RawMessage, error) {
		return jsonpatch5.CreateMergePatch(r.A, r.B)
	},
	"jmp_apply":  func(r *request) (json.RawMessage, error) { return jsonpatch.MergePatch(r.A, r.B) },
	"jmp_apply4": func(r *request) (json.RawMessage, error) { return jsonpatch4.MergePatch(r.A, r.B) },
	"jmp_apply5": func(r *request) (json.RawMessage, error) { return jsonpatch5.MergePatch(r.A, r.B) },
	"jp": func(r *request) (json.RawMessage, error) {
		patch, err := jsonpatch.DecodePatch(r.B)
		if err != nil {
			return nil, err
		}
		// Comparisons use this package, too, with what it starts with.
		defer func(before bool) { jsonpatch.SupportNegativeIndices = before }(jsonpatch.SupportNegativeIndices)
		jsonpatch.SupportNegativeIndices = r.Negative
		return patch.Apply(r.A)
	},
	"jp4": func(r *request) (json.RawMessage, error) {
		patch, err := jsonpatch4.DecodePatch(r.B)
		if err != nil {
			return nil, err
		}
		jsonpatch4.SupportNegativeIndices = r.Negative
		return patch.Apply(r.A)
	},
	"jp5": func(r *request) (json.RawMessage, error) {
		patch, err := jsonpatch5.DecodePatch(r.B)
		if err != nil {
			return nil, err
		}
		options := jsonpatch5.NewApplyOptions()
		options.SupportNegativeIndices = r.Negative
		options.AllowMissingPathOnRemove = r.Missing
		options.EnsurePathExistsOnAdd = r.Ensure
		return patch.ApplyWithOptions(r.A, options)
	},
	"smd_set": func(r *request) (json.RawMessage, error) {
		left, err := r.typed(r.A)
		if err != nil {
			return nil, err
		}
		set, err := left.ToFieldSet()
		if err != nil {
			return nil, err
		}
		return set.ToJSON()
	},
	"smd_merge": func(r *request) (json.RawMessage, error) {
		left, right, err := r.typedPair()
		if err != nil {
			return nil, err
		}
		merged, err := left.Merge(right)
		if err != nil {
			return nil, err
		}
		return json.Marshal(merged.AsValue().Unstructured())
	},
	"smd_compare": func(r *request) (json.RawMessage, error) {
		left, right, err := r.typedPair()
		if err != nil {
			return nil, err
		}
		changes, err := left.Compare(right)
		if err != nil {
			return nil, err
		}
		out := map[string]json.RawMessage{}
		for name, set := range map[string]interface{ ToJSON() ([]byte, error) }{
			"removed": changes.Removed, "modified": changes.Modified, "added": changes.Added,
		} {
			if out[name], err = set.ToJSON(); err != nil {
				return nil, err
			}
		}
		return json.Marshal(out)
	},
}

func (r *request) gvk() schema.GroupVersionKind {
	return schema.FromAPIVersionAndKind(r.APIVersion, r.Kind)
}

func (r *request) object() (any, error) { return scheme.Scheme.New(r.gvk()) }

func (r *request) typed(document json.RawMessage) (*typed.TypedValue, error) {
	parseable := gescheme.ResolveParseableType(r.gvk(), cluster())
	if parseable == nil {
		parseable = &typed.DeducedParseableType
	}
	var value any
	if err := decode(document, &value); err != nil {
		return nil, err
	}
	return parseable.FromUnstructured(value)
}

func (r *request) typedPair() (left, right *typed.TypedValue, err error) {
	if left, err = r.typed(r.A); err != nil {
		return nil, nil, err
	}
	right, err = r.typed(r.B)
	return left, right, err
}

// decode reads whole numbers as integers, as the API machinery does.
func decode(document []byte, into *any) error {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	var err error
	*into, err = numbers(*into)
	return err
}

func numbers(value any) (any, error) {
	var err error
	switch value := value.(type) {
	case map[string]any:
		for key, member := range value {
			if value[key], err = numbers(member); err != nil {
				return nil, err
			}
		}
	case []any:
		for at, item := range value {
			if value[at], err = numbers(item); err != nil {
				return nil, err
			}
		}
	case json.Number:
		if whole, err := value.Int64(); err == nil {
			return whole, nil
		}
		float, err := value.Float64()
		if err != nil {
			return nil, fmt.Errorf("number %s: %w", value, err)
		}
		return float, nil
	}
	return value, nil
}
