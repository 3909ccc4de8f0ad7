package main

import (
	"context"
	"encoding/json"
	"os"
	"sync"

	openapi_v2 "github.com/google/gnostic-models/openapiv2"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/kube-openapi/pkg/util/proto"

	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/diff"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/health"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/argo"
	argodiff "github.com/argoproj/argo-cd/v3/util/argo/diff"
	"github.com/argoproj/argo-cd/v3/util/argo/normalizers"
)

// compareOptions says how objects are compared.
type compareOptions struct {
	Ignore     []v1alpha1.ResourceIgnoreDifferences `json:"ignore"`
	Overrides  map[string]v1alpha1.ResourceOverride `json:"overrides"`
	Tracking   string                               `json:"tracking"`
	Label      string                               `json:"label"`
	App        string                               `json:"app"`
	Aggregated bool                                 `json:"aggregated"`
	Structured bool                                 `json:"structured"`
	ServerSide bool                                 `json:"serverSide"`
	Webhooks   bool                                 `json:"ignoreWebhooks"`
	Hidden     []string                             `json:"hidden"`
}

// Comparisons: a is the configured object, b the live one, c what a dry run returned.
var compareOperations = map[string]func(*request) (json.RawMessage, error){
	"diff":      compare,
	"normalize": normalize,
	"mask":      mask,
	"health": func(r *request) (json.RawMessage, error) {
		object, err := object(r.A)
		if err != nil {
			return nil, err
		}
		status, err := health.GetResourceHealth(object, nil)
		if err != nil {
			return nil, err
		}
		return json.Marshal(status)
	},
	"track": func(r *request) (json.RawMessage, error) {
		object, err := object(r.A)
		if err != nil {
			return nil, err
		}
		method := v1alpha1.TrackingMethod(r.Options.Tracking)
		if err := argo.NewResourceTracking().SetAppInstance(object, r.Options.Label, r.Options.App, "dest", method, ""); err != nil {
			return nil, err
		}
		name := argo.NewResourceTracking().GetAppName(object, r.Options.Label, method, "")
		return json.Marshal(map[string]any{"object": object, "app": name})
	},
}

func (r *request) config() (argodiff.DiffConfig, error) {
	o := &r.Options
	builder := argodiff.NewDiffConfigBuilder().
		WithDiffSettings(o.Ignore, o.Overrides, o.Aggregated, normalizers.IgnoreNormalizerOpts{}).
		WithTracking(o.Label, o.Tracking).
		WithNoCache().
		WithGVKParser(cluster()).
		WithManager("argocd-controller").
		WithStructuredMergeDiff(o.Structured)
	if o.ServerSide {
		builder = builder.WithServerSideDiff(true).WithServerSideDryRunner(dryRun(r.C)).WithIgnoreMutationWebhook(o.Webhooks)
	}
	return builder.Build()
}

func compare(r *request) (json.RawMessage, error) {
	config, live, err := r.sides()
	if err != nil {
		return nil, err
	}
	diffConfig, err := r.config()
	if err != nil {
		return nil, err
	}
	result, err := argodiff.StateDiff(context.Background(), live, config, diffConfig)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{
		"modified":  result.Modified,
		"predicted": json.RawMessage(result.PredictedLive),
		"live":      json.RawMessage(result.NormalizedLive),
	})
}

func normalize(r *request) (json.RawMessage, error) {
	config, live, err := r.sides()
	if err != nil {
		return nil, err
	}
	diffConfig, err := r.config()
	if err != nil {
		return nil, err
	}
	result, err := argodiff.Normalize([]*unstructured.Unstructured{live}, []*unstructured.Unstructured{config}, diffConfig)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"config": result.Targets[0], "live": result.Lives[0]})
}

func mask(r *request) (json.RawMessage, error) {
	target, live, err := r.sides()
	if err != nil {
		return nil, err
	}
	hidden := map[string]bool{}
	for _, name := range r.Options.Hidden {
		hidden[name] = true
	}
	target, live, err = diff.HideSecretData(target, live, hidden)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"target": target, "live": live})
}

func (r *request) sides() (config, live *unstructured.Unstructured, err error) {
	if config, err = object(r.A); err != nil {
		return nil, nil, err
	}
	live, err = object(r.B)
	return config, live, err
}

func object(document json.RawMessage) (*unstructured.Unstructured, error) {
	if len(document) == 0 || string(document) == "null" {
		return nil, nil
	}
	var value any
	if err := decode(document, &value); err != nil {
		return nil, err
	}
	return &unstructured.Unstructured{Object: value.(map[string]any)}, nil
}

// dryRun gives what a server-side apply is said to have returned.
type dryRun json.RawMessage

func (d dryRun) Run(context.Context, *unstructured.Unstructured, string) (string, error) {
	return string(d), nil
}

var cluster = sync.OnceValue(func() *managedfields.GvkParser {
	body, err := os.ReadFile(os.Getenv("OPENAPI"))
	if err != nil {
		panic(err)
	}
	document, err := openapi_v2.ParseDocument(body)
	if err != nil {
		panic(err)
	}
	models, err := proto.NewOpenAPIData(document)
	if err != nil {
		panic(err)
	}
	parser, err := managedfields.NewGVKParser(models, false)
	if err != nil {
		panic(err)
	}
	return parser
})
