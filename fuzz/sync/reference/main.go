// Command reference makes one call of the real gitops-engine a line, against a cluster that the line describes.
//
// It reads one JSON request a line from standard input (see request) and answers each with one JSON line (see response). The
// engine is used as Argo CD uses it: a new sync context for each call, restored from the results of the calls before. What it
// asks of the cluster goes to a transport in memory, is written down in order, and succeeds unless the request says otherwise.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/diff"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/health"
	gosync "github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync/common"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/utils/kube"
	"github.com/go-logr/logr"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
)

type object = map[string]any

type key struct {
	Group     string `json:"group"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

func (k key) String() string {
	return fmt.Sprintf("%s/%s/%s/%s", k.Group, k.Kind, k.Namespace, k.Name)
}

type result struct {
	Key       key    `json:"key"`
	Version   string `json:"version"`
	Phase     string `json:"phase"`
	Hook      bool   `json:"hook"`
	Status    string `json:"status"`
	Operation string `json:"operation"`
	Message   string `json:"message"`
}

type settings struct {
	Namespace        string  `json:"namespace"`
	Revision         string  `json:"revision"`
	Prune            bool    `json:"prune"`
	DryRun           bool    `json:"dryRun"`
	Force            bool    `json:"force"`
	Validate         bool    `json:"validate"`
	SkipHooks        bool    `json:"skipHooks"`
	PruneLast        bool    `json:"pruneLast"`
	Replace          bool    `json:"replace"`
	ServerSide       bool    `json:"serverSide"`
	SkipDryRun       bool    `json:"skipDryRun"`
	OutOfSyncOnly    bool    `json:"outOfSyncOnly"`
	Propagation      string  `json:"propagation"`
	DefaultPrune     *string `json:"defaultPrune"`
	MigrateFrom      *string `json:"migrateFrom"`
	CreateNamespace  bool    `json:"createNamespace"`
	ManagedNamespace bool    `json:"managedNamespace"`
}

// kind is what the cluster knows of a kind.
type kind struct {
	Group      string `json:"group"`
	Version    string `json:"version"`
	Kind       string `json:"kind"`
	Namespaced bool   `json:"namespaced"`
}

type request struct {
	Settings  settings `json:"settings"`
	StartedAt int64    `json:"startedAt"`
	Phase     string   `json:"phase"`
	Message   string   `json:"message"`
	Results   []result `json:"results"`
	Targets   []object `json:"targets"`
	Live      []object `json:"live"`
	Hooks     []object `json:"hooks"`
	Confirmed bool     `json:"confirmed"`
	Terminate bool     `json:"terminate"`
	// The live namespace of the application, or why it cannot be read.
	AppNamespace      object `json:"appNamespace"`
	AppNamespaceError string `json:"appNamespaceError"`
	Kinds             []kind `json:"kinds"`
	// Keys of resources that the filter lets through, and of those that a comparison found modified or not.
	Selected []key  `json:"selected"`
	Modified []bool `json:"modified"`
	Compared []key  `json:"compared"`
	// What can be read from the cluster, and what fails: the action, as it is written down up to the key, and the error.
	Readable []object          `json:"readable"`
	Failures map[string]string `json:"failures"`
	// What the cluster has after the call: an object that is written can be read like this.
	Written []object `json:"written"`
}

type response struct {
	Phase   string   `json:"phase"`
	Message string   `json:"message"`
	Results []result `json:"results"`
	Actions []string `json:"actions"`
	Error   string   `json:"error,omitempty"`
}

func main() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var r request
		answer := response{}
		if err := json.Unmarshal(line, &r); err != nil {
			answer.Error = err.Error()
		} else {
			answer = call(&r)
		}
		if err := out.Encode(answer); err != nil {
			return
		}
	}
}

// call makes one call of the engine.
func call(r *request) (answer response) {
	defer func() {
		if p := recover(); p != nil {
			answer = response{Error: fmt.Sprint("panic: ", p)}
		}
	}()
	c := newCluster(r)
	config := &rest.Config{Host: "http://cluster", Transport: c, QPS: -1}
	reconciled := gosync.ReconciliationResult{Target: list(r.Targets), Live: list(r.Live), Hooks: list(r.Hooks)}
	engine, cleanup, err := gosync.NewSyncContext(
		r.Settings.Revision, reconciled, config, config, &kubectl{cluster: c}, r.Settings.Namespace, options(r, c)...)
	if err != nil {
		return response{Error: err.Error()}
	}
	defer cleanup()
	if r.Terminate {
		engine.Terminate(context.Background())
	} else {
		engine.Sync(context.Background())
	}
	phase, message, results := engine.GetState()
	answer = response{Phase: string(phase), Message: message, Actions: c.log, Results: []result{}}
	for _, one := range results {
		answer.Results = append(answer.Results, result{
			Key:       key{one.ResourceKey.Group, one.ResourceKey.Kind, one.ResourceKey.Namespace, one.ResourceKey.Name},
			Version:   one.Version,
			Phase:     string(one.SyncPhase),
			Hook:      one.HookType != "",
			Status:    string(one.Status),
			Operation: string(one.HookPhase),
			Message:   one.Message,
		})
	}
	return answer
}

func options(r *request, c *cluster) []gosync.SyncOpt {
	s := &r.Settings
	results := make([]common.ResourceSyncResult, 0, len(r.Results))
	for i, one := range r.Results {
		hookType := ""
		if one.Hook {
			hookType = one.Phase
		}
		results = append(results, common.ResourceSyncResult{
			ResourceKey: kube.NewResourceKey(one.Key.Group, one.Key.Kind, one.Key.Namespace, one.Key.Name),
			Version:     one.Version,
			Order:       i + 1,
			Status:      common.ResultCode(one.Status),
			Message:     one.Message,
			HookType:    common.HookType(hookType),
			HookPhase:   common.OperationPhase(one.Operation),
			SyncPhase:   common.SyncPhase(one.Phase),
		})
	}
	propagation := metav1.DeletionPropagation(s.Propagation)
	manager := ""
	if s.MigrateFrom != nil {
		manager = *s.MigrateFrom
	}
	selected := map[key]bool{}
	for _, k := range r.Selected {
		selected[k] = true
	}
	all := []gosync.SyncOpt{
		gosync.WithLogr(logr.Discard()),
		gosync.WithInitialState(common.OperationPhase(r.Phase), r.Message, results, metav1.Unix(r.StartedAt, 0)),
		gosync.WithOperationSettings(s.DryRun, s.Prune, s.Force, s.SkipHooks),
		gosync.WithManifestValidation(s.Validate),
		gosync.WithPruneLast(s.PruneLast),
		gosync.WithReplace(s.Replace),
		gosync.WithServerSideApply(s.ServerSide),
		gosync.WithServerSideApplyManager("argocd-controller"),
		gosync.WithClientSideApplyMigration(s.MigrateFrom != nil, manager),
		gosync.WithSkipDryRunOnMissingResource(s.SkipDryRun),
		gosync.WithPrunePropagationPolicy(&propagation),
		gosync.WithDefaultPruneOption(s.DefaultPrune),
		gosync.WithPruneConfirmed(r.Confirmed),
		gosync.WithHealthOverride(healths{}),
		gosync.WithResourceModificationChecker(s.OutOfSyncOnly, compared(r)),
		gosync.WithPermissionValidator(func(un *unstructured.Unstructured, _ *metav1.APIResource) error {
			if why, denied := un.GetAnnotations()["denied"]; denied {
				return errors.New(why)
			}
			return nil
		}),
		gosync.WithResourcesFilter(func(k kube.ResourceKey, _ *unstructured.Unstructured, _ *unstructured.Unstructured) bool {
			return selected[key{k.Group, k.Kind, k.Namespace, k.Name}]
		}),
		gosync.WithSyncWaveHook(func(phase common.SyncPhase, wave int, last bool) error {
			return c.act(fmt.Sprintf("wave %s %d", phase, wave), fmt.Sprint(last))
		}),
	}
	if s.CreateNamespace {
		all = append(all, gosync.WithNamespaceModifier(func(managed, live *unstructured.Unstructured) (bool, error) {
			if !s.ManagedNamespace {
				return live == nil, nil
			}
			managed.SetLabels(map[string]string{"team": "shop"})
			managed.SetAnnotations(map[string]string{common.AnnotationSyncOptions: common.SyncOptionServerSideApply})
			return true, nil
		}))
	}
	return all
}

func compared(r *request) *diff.DiffResultList {
	out := &diff.DiffResultList{}
	for i, k := range r.Compared {
		metadata := object{"name": k.Name, "namespace": k.Namespace}
		version := "v1"
		if k.Group != "" {
			version = k.Group + "/v1"
		}
		live, err := json.Marshal(object{"apiVersion": version, "kind": k.Kind, "metadata": metadata})
		if err != nil {
			panic(err)
		}
		out.Diffs = append(out.Diffs, diff.DiffResult{Modified: r.Modified[i], NormalizedLive: live, PredictedLive: live})
	}
	return out
}

func list(objects []object) []*unstructured.Unstructured {
	out := make([]*unstructured.Unstructured, 0, len(objects))
	for _, one := range objects {
		if one == nil {
			out = append(out, nil)
		} else {
			out = append(out, &unstructured.Unstructured{Object: one})
		}
	}
	return out
}

// healths judges objects by an annotation, as the other side does.
type healths struct{}

func (healths) GetResourceHealth(obj *unstructured.Unstructured) (*health.HealthStatus, error) {
	status, ok := obj.GetAnnotations()["health"]
	switch {
	case !ok:
		return nil, nil
	case status == "error":
		return nil, errors.New("no health")
	}
	return &health.HealthStatus{Status: health.HealthStatusCode(status), Message: "is " + status}, nil
}

// cluster writes down what it is asked for, and answers.
type cluster struct {
	request  *request
	readable map[key]object
	written  map[key]object
	lock     sync.Mutex
	log      []string
	migrated map[key]bool
}

func newCluster(r *request) *cluster {
	c := &cluster{
		request: r, readable: map[key]object{}, written: map[key]object{}, migrated: map[key]bool{}, log: []string{},
	}
	for _, one := range list(r.Written) {
		c.written[keyOf(one)] = one.Object
	}
	for _, one := range list(r.Readable) {
		c.readable[keyOf(one)] = one.Object
	}
	return c
}

func keyOf(un *unstructured.Unstructured) key {
	k := kube.GetResourceKey(un)
	return key{k.Group, k.Kind, k.Namespace, k.Name}
}

// act writes an action down: what is done to what, and how. The first part decides whether it fails.
func (c *cluster) act(what, how string) error {
	c.lock.Lock()
	defer c.lock.Unlock()
	line := what
	if how != "" {
		line += " " + how
	}
	c.log = append(c.log, line)
	if why, fails := c.request.Failures[what]; fails {
		return errors.New(why)
	}
	return nil
}
