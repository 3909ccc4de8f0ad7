// Writes rollouts and what the controller of Argo Rollouts makes of them, one JSON object a line.
//
// Its output beside crates/rollouts/tests/fixtures/recorded.jsonl, as recorded-SOMETHING.jsonl, is compared by the tests of that crate.
//
//	go run . COUNT SEED > recorded-big.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"os"
	"strconv"
	_ "unsafe" // for the name below

	"github.com/sirupsen/logrus"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/validation"
	"github.com/argoproj/argo-rollouts/utils/conditions"
	"github.com/argoproj/argo-rollouts/utils/defaults"
	"github.com/argoproj/argo-rollouts/utils/replicaset"
	"github.com/argoproj/argo-rollouts/utils/weightutil"
)

//go:linkname approximate github.com/argoproj/argo-rollouts/utils/replicaset.approximateWeightedCanaryStableReplicaCounts
func approximate(replicas, weight, maxWeight, maxSurge int32) (int32, int32)

type object = map[string]any

type problem struct {
	Field string `json:"field"`
	Kind  string `json:"kind"`
	Text  string `json:"text"`
}

type counts struct {
	Weight int32 `json:"weight"`
	Canary int32 `json:"canary"`
	Stable int32 `json:"stable"`
}

type record struct {
	Rollout   object    `json:"rollout"`
	Problems  []problem `json:"problems"`
	Hash      string    `json:"hash,omitempty"`
	SetWeight *int32    `json:"setWeight,omitempty"`
	Now       *counts   `json:"now,omitempty"`
	Steps     []counts  `json:"steps,omitempty"`
}

func main() {
	logrus.SetOutput(io.Discard)
	count, _ := strconv.Atoi(os.Args[1])
	seed, _ := strconv.ParseInt(os.Args[2], 10, 64)
	g := generator{rand.New(rand.NewSource(seed))}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for i := 0; i < count; i++ {
		line, err := json.Marshal(g.record())
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(out, string(line))
	}
}

func (g generator) record() record {
	given := g.rollout()
	var ro v1alpha1.Rollout
	text, _ := json.Marshal(given)
	if err := json.Unmarshal(text, &ro); err != nil {
		panic(err)
	}
	// Four in five know their steps.
	if ro.Status.CurrentPodHash != "" && g.Intn(5) > 0 {
		if hash := conditions.ComputeStepHash(&ro); hash != "" {
			given["status"].(object)["currentStepHash"] = hash
			ro.Status.CurrentStepHash = hash
		}
	}
	result := record{Rollout: given, Problems: []problem{}}
	for _, err := range validation.ValidateRollout(&ro) {
		result.Problems = append(result.Problems, problem{err.Field, err.Type.String(), err.Detail})
	}
	if canary := ro.Spec.Strategy.Canary; canary != nil && ro.Spec.Strategy.BlueGreen == nil {
		result.Hash = conditions.ComputeStepHash(&ro)
		if plannable(&ro) {
			weight := replicaset.GetCurrentSetWeight(&ro)
			result.SetWeight = &weight
			result.Now = now(&ro)
			for i := range canary.Steps {
				result.Steps = append(result.Steps, at(&ro, int32(i)))
			}
		}
	}
	return result
}

// plannable tells whether all numbers make sense.
func plannable(ro *v1alpha1.Rollout) bool {
	maxWeight := weightutil.MaxTrafficWeight(ro)
	if defaults.GetReplicasOrDefault(ro.Spec.Replicas) < 0 || maxWeight <= 0 {
		return false
	}
	for _, step := range ro.Spec.Strategy.Canary.Steps {
		if step.SetWeight != nil && (*step.SetWeight < 0 || *step.SetWeight > maxWeight) {
			return false
		}
		if step.Pause != nil && step.Pause.DurationSeconds() < 0 {
			return false
		}
		if step == (v1alpha1.CanaryStep{}) {
			return false
		}
	}
	return true
}

func at(ro *v1alpha1.Rollout, index int32) counts {
	ro = ro.DeepCopy()
	ro.Spec.Paused = false
	ro.Status = v1alpha1.RolloutStatus{StableRS: "old", CurrentPodHash: "new", CurrentStepIndex: &index}
	return settled(ro, replicaset.GetCurrentSetWeight(ro))
}

func now(ro *v1alpha1.Rollout) *counts {
	maxWeight := weightutil.MaxTrafficWeight(ro)
	var result counts
	switch {
	case ro.Status.StableRS == "" || ro.Status.StableRS == ro.Status.CurrentPodHash:
		result = counts{maxWeight, defaults.GetReplicasOrDefault(ro.Spec.Replicas), 0}
	case ro.Status.PromoteFull:
		result = settled(ro, maxWeight)
	default:
		result = settled(ro, replicaset.GetCurrentSetWeight(ro))
	}
	return &result
}

// settled returns what the controller aims for when all pods are there and the traffic is as it should be.
func settled(ro *v1alpha1.Rollout, weight int32) counts {
	replicas, maxWeight := defaults.GetReplicasOrDefault(ro.Spec.Replicas), weightutil.MaxTrafficWeight(ro)
	if ro.Spec.Strategy.Canary.TrafficRouting == nil {
		canary, stable := approximate(replicas, weight, maxWeight, replicaset.MaxSurge(ro))
		return counts{weight, canary, stable}
	}
	set := func(name string, available int32) *appsv1.ReplicaSet {
		spec := appsv1.ReplicaSetSpec{Replicas: &available}
		return &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: spec, Status: appsv1.ReplicaSetStatus{AvailableReplicas: available}}
	}
	weights := &v1alpha1.TrafficWeights{Canary: v1alpha1.WeightDestination{Weight: weight}, Stable: v1alpha1.WeightDestination{Weight: maxWeight - weight}}
	canary, stable := replicaset.CalculateReplicaCountsForTrafficRoutedCanary(ro, set("new", 0), set("old", replicas), weights)
	return counts{weight, canary, stable}
}

type generator struct{ *rand.Rand }

func (g generator) often() bool  { return g.Intn(4) > 0 }
func (g generator) seldom() bool { return g.Intn(5) == 0 }

func pick[T any](g generator, options ...T) T { return options[g.Intn(len(options))] }

// maybe sets a field one time in some.
func (g generator) maybe(in object, times int, key string, value any) {
	if g.Intn(times) == 0 {
		in[key] = value
	}
}

func (g generator) rollout() object {
	labels := object{"app": "web"}
	template := object{"metadata": object{"labels": labels}, "spec": object{"containers": []any{object{"name": "web", "image": "web:v1"}}}}
	spec := object{"selector": object{"matchLabels": object{"app": "web"}}, "template": template, "strategy": g.strategy()}
	if g.often() {
		spec["replicas"] = pick(g, 0, 1, 2, 3, 4, 5, 7, 9, 10, 13, 20, 33, 50, 99, 100, 128, 1000, g.Intn(400))
	}
	if g.Intn(12) == 0 {
		switch g.Intn(8) {
		case 0:
			delete(spec, "selector")
		case 1:
			spec["selector"] = object{}
		case 2:
			spec["selector"] = object{"matchExpressions": []any{object{"key": "app", "operator": pick(g, "In", "NotIn", "Exists", "DoesNotExist"), "values": pick[any](g, []any{"web"}, []any{})}}}
		case 3:
			labels["app"] = "other"
		case 4:
			template["spec"] = object{"containers": []any{}}
		case 5:
			template["spec"].(object)["restartPolicy"] = pick(g, "Always", "Never", "OnFailure")
		case 6:
			delete(spec, "selector")
			delete(spec, "template")
			spec["workloadRef"] = object{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
		case 7:
			spec["workloadRef"] = object{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
		}
	}
	if g.Intn(12) == 0 {
		g.maybe(spec, 2, "replicas", pick(g, -1, -5))
		g.maybe(spec, 2, "minReadySeconds", pick(g, -1, 30, 600))
		g.maybe(spec, 2, "progressDeadlineSeconds", pick(g, -1, 0, 30, 600))
		g.maybe(spec, 2, "revisionHistoryLimit", pick(g, -1, 0, 3))
	}
	ro := object{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": object{"name": "web"}, "spec": spec}
	status := object{}
	ro["status"] = status
	if g.often() {
		status["currentPodHash"] = "new"
		status["stableRS"] = pick(g, "old", "old", "old", "old", "new")
		g.maybe(status, 1, "currentStepIndex", g.Intn(8))
		g.maybe(status, 5, "abort", true)
		g.maybe(status, 8, "promoteFull", true)
	}
	return ro
}

func (g generator) strategy() object {
	result := object{}
	if g.often() || g.often() {
		result["canary"] = g.canary()
	}
	if _, has := result["canary"]; (!has && g.often()) || g.Intn(40) == 0 {
		result["blueGreen"] = g.blueGreen()
	}
	return result
}

func (g generator) blueGreen() object {
	result := object{"activeService": pick(g, "active", "active", "")}
	g.maybe(result, 2, "previewService", pick(g, "preview", "preview", "active"))
	g.maybe(result, 3, "previewReplicaCount", 1)
	g.maybe(result, 3, "scaleDownDelayRevisionLimit", pick(g, 1, 10, 11))
	g.maybe(result, 4, "antiAffinity", g.antiAffinity())
	return result
}

func (g generator) antiAffinity() object {
	result := object{}
	g.maybe(result, 2, "preferredDuringSchedulingIgnoredDuringExecution", object{"weight": pick(g, 0, 1, 50, 100, 101)})
	g.maybe(result, 2, "requiredDuringSchedulingIgnoredDuringExecution", object{})
	return result
}

func (g generator) share() any {
	return pick[any](g, 0, 1, 2, "0", "0%", "10%", "25%", "25", "50%", "100%", "1")
}

func (g generator) canary() object {
	result := object{}
	routed := g.Intn(2) == 0
	maxWeight := 100
	if routed {
		routing := g.routing()
		if given, has := routing["maxTrafficWeight"]; has {
			maxWeight = given.(int)
		}
		result["trafficRouting"] = routing
	}
	if g.often() {
		steps := []any{}
		weight := 0
		for n := g.Intn(7); n > 0; n-- {
			weight += g.Intn(maxWeight/4 + 2)
			steps = append(steps, g.step(min(weight, maxWeight)))
		}
		result["steps"] = steps
	}
	g.maybe(result, 3, "maxSurge", g.share())
	g.maybe(result, 3, "maxUnavailable", g.share())
	if routed || g.seldom() {
		g.maybe(result, 2, "canaryService", pick(g, "canary", "canary", "stable"))
		g.maybe(result, 2, "stableService", "stable")
	}
	if routed || g.seldom() {
		g.maybe(result, 3, "dynamicStableScale", pick(g, true, true, false))
		g.maybe(result, 5, "scaleDownDelaySeconds", 30)
		g.maybe(result, 4, "minPodsPerReplicaSet", pick(g, 1, 2, 5, 1000))
		g.maybe(result, 5, "abortScaleDownDelaySeconds", pick(g, 0, 30))
	}
	if g.Intn(8) == 0 {
		result["pingPong"] = object{"pingService": pick(g, "ping", ""), "pongService": pick(g, "pong", "ping", "")}
	}
	g.maybe(result, 12, "antiAffinity", g.antiAffinity())
	if g.seldom() {
		result["analysis"] = object{"templates": []any{object{"templateName": "success-rate"}}, "startingStep": 1}
	}
	return result
}

func (g generator) routing() object {
	result := object{}
	for n := pick(g, 0, 1, 1, 1, 2); n > 0; n-- {
		switch g.Intn(9) {
		case 0:
			istio := object{"virtualService": object{"name": "web"}}
			g.maybe(istio, 2, "destinationRule", object{"name": "web", "canarySubsetName": "c", "stableSubsetName": "s"})
			result["istio"] = istio
		case 1:
			result["nginx"] = object{"stableIngress": "web"}
		case 2:
			alb := object{"ingress": "web", "servicePort": 80}
			g.maybe(alb, 2, "rootService", "root")
			result["alb"] = alb
		case 3:
			result["smi"] = object{}
		case 4:
			result["apisix"] = object{}
		case 5:
			result["traefik"] = object{"weightedTraefikServiceName": "web"}
		case 6:
			result["ambassador"] = object{"mappings": []any{"web"}}
		case 7:
			result["appMesh"] = object{}
		case 8:
			result["plugins"] = pick[any](g, object{"a/b": object{"x": 1}}, object{"a/b": object{"x": 1}}, object{})
		}
	}
	g.maybe(result, 5, "maxTrafficWeight", pick(g, 1, 7, 50, 100, 1000))
	g.maybe(result, 3, "managedRoutes", pick[any](g, []any{object{"name": "one"}, object{"name": "two"}}, []any{}))
	return result
}

func (g generator) step(weight int) object {
	result := object{}
	for n := pick(g, 1, 1, 1, 1, 1, 1, 1, 1, 0, 2); n > 0; n-- {
		switch g.Intn(12) {
		case 0, 1, 2, 3:
			result["setWeight"] = weight
			if g.Intn(15) == 0 {
				result["setWeight"] = pick(g, -1, 101, 1001, 0)
			}
		case 4, 5:
			pause := object{}
			g.maybe(pause, 2, "duration", pick[any](g, 0, 30, "30", "5m", "1h30m", "1.5s", "-5s", -3, "5", "soon", "1d", "", "+7", "300h", ".5m"))
			result["pause"] = pause
		case 6:
			result["experiment"] = g.experiment()
		case 7:
			result["analysis"] = g.analysis()
		case 8:
			scale := object{}
			g.maybe(scale, 3, "replicas", g.Intn(12))
			g.maybe(scale, 2, "weight", g.Intn(101))
			g.maybe(scale, 4, "matchTrafficWeight", true)
			result["setCanaryScale"] = scale
		case 9:
			route := object{"name": pick(g, "one", "one", "three")}
			g.maybe(route, 2, "match", []any{object{"headerName": "X-Test", "headerValue": g.match()}, object{"headerName": "<b>&"}}[:1+g.Intn(2)])
			result["setHeaderRoute"] = route
		case 10:
			route := object{"name": pick(g, "two", "two", "three")}
			found := object{}
			g.maybe(found, 2, "method", g.match())
			g.maybe(found, 2, "path", g.match())
			g.maybe(found, 3, "headers", object{"b": g.match(), "a": g.match()})
			g.maybe(route, 2, "match", []any{found})
			g.maybe(route, 2, "percentage", g.Intn(101))
			result["setMirrorRoute"] = route
		case 11:
			plugin := object{"name": "a/b"}
			g.maybe(plugin, 2, "config", pick[any](g, object{"a": "x<y", "b": []any{1, true, nil}}, "text", 1))
			result["plugin"] = plugin
		}
	}
	g.maybe(result, 30, "unknown", 1)
	return result
}

func (g generator) match() object {
	result := object{}
	g.maybe(result, 2, "exact", "a")
	g.maybe(result, 3, "prefix", "/b")
	g.maybe(result, 3, "regex", ".*")
	return result
}

func (g generator) arguments() []any {
	argument := object{"name": "x"}
	switch g.Intn(4) {
	case 0:
		argument["value"] = pick(g, "", "v<é\u2028")
	case 1:
		argument["valueFrom"] = object{"podTemplateHashValue": pick(g, "Latest", "Stable")}
	default:
		argument["valueFrom"] = object{"fieldRef": object{"fieldPath": pick(g, "metadata.name", "metadata.labels['app']", "metadata.labels['a b']", "metadata.annotations['X/y']",
			"metadata.annotations['']", "metadata.uid", "metadata.namespace", "metadata.owner", "metadata", "spec.replicas", "metadata.name['x']", "metadata.labels", "['x']", "metadata.labels['A/b_c']")}}
	}
	return []any{argument}
}

func (g generator) analysis() object {
	result := object{}
	reference := object{"templateName": "success-rate"}
	g.maybe(reference, 3, "clusterScope", pick(g, true, false))
	g.maybe(result, 1, "templates", []any{reference})
	g.maybe(result, 2, "args", g.arguments())
	g.maybe(result, 4, "dryRun", []any{object{"metricName": "m"}})
	g.maybe(result, 4, "measurementRetention", []any{object{"metricName": "m", "limit": 3}})
	g.maybe(result, 4, "analysisRunMetadata", object{"labels": object{"b": "1", "a": "2"}})
	return result
}

func (g generator) experiment() object {
	template := object{"name": "baseline", "specRef": pick(g, "stable", "canary")}
	g.maybe(template, 3, "weight", 5)
	g.maybe(template, 3, "replicas", 1)
	g.maybe(template, 3, "metadata", object{"annotations": object{"z": "1"}})
	g.maybe(template, 3, "selector", object{"matchLabels": object{"a": "b"}, "matchExpressions": []any{object{"key": "k", "operator": "In", "values": []any{"v"}}, object{"key": "k", "operator": "Exists"}}})
	g.maybe(template, 3, "service", pick(g, object{}, object{"name": "s"}))
	result := object{}
	g.maybe(result, 1, "templates", pick[any](g, []any{template}, []any{}, nil))
	g.maybe(result, 3, "duration", "1h")
	if g.often() {
		analysis := object{"name": "a", "templateName": "t"}
		g.maybe(analysis, 3, "clusterScope", true)
		g.maybe(analysis, 3, "requiredForCompletion", pick(g, true, false))
		g.maybe(analysis, 2, "args", g.arguments())
		result["analyses"] = []any{analysis}
	}
	g.maybe(result, 4, "dryRun", []any{object{"metricName": "m"}})
	g.maybe(result, 4, "scaleDownDelaySeconds", 0)
	return result
}
