// Command reference gives the answers of Argo CD's own packages to ApplicationSets with the world they see.
//
//	fuzz/reference.sh appset REFERENCE && REFERENCE < CASES > ANSWERS
//
// It reads one JSON case a line, in the form of the conformance cases of kinds "applications" and "params":
//
//	{"name": "…", "kind": "applications", "appset": {…}, "inputs": {"clusters": […], "git": […], …}}
//
// and writes each with "expect" set: {"applications": […]}, {"params": […]}, or {"error": "…", "reason": "…"}. The generators, the
// templates and the patch are Argo CD's; what is ours is the world: clusters and projects come from memory, files are
// matched by git itself, plugins are asked over a local port. A case that makes Argo CD panic is answered with the text
// of the panic, as its controller does; one whose answer is not always the same is left out.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"sort"
	"strings"

	"github.com/argoproj/argo-cd/v3/applicationset/controllers/template"
	"github.com/argoproj/argo-cd/v3/applicationset/generators"
	"github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	log "github.com/sirupsen/logrus"
	kjson "sigs.k8s.io/json"
)

// world is what a case says there is.
type world struct {
	Clusters []struct {
		Name, Server, Project, SecretName string
		Labels, Annotations               map[string]string
	}
	Git []struct {
		RepoURL, Revision string
		Files             map[string]string
		Directories       []string
		Error             string
	}
	GitFileGlobbing string
	Scm             []struct {
		Organization, Repository, URL, Branch, SHA string
		RepositoryID                               any `json:"repositoryId"`
		Labels, Paths                              []string
	}
	PullRequests json.RawMessage
	ConfigMaps   []struct {
		Name string
		Data map[string]string
	}
	Secrets []struct {
		Name string
		Data map[string]string
	}
	Plugins           map[string]json.RawMessage
	DecisionResources []json.RawMessage
	Projects          []string
}

func main() {
	log.SetOutput(io.Discard)
	plugins.url = httptest.NewServer(&plugins).URL
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	for lines.Scan() {
		var c map[string]any
		check(json.Unmarshal(lines.Bytes(), &c))
		var typed struct {
			AppSet json.RawMessage `json:"appset"`
			Inputs *world          `json:"inputs"`
		}
		check(json.Unmarshal(lines.Bytes(), &typed))
		if typed.Inputs == nil {
			typed.Inputs = &world{}
		}
		expect, ok := stable(c["kind"], typed.AppSet, typed.Inputs)
		if !ok {
			continue
		}
		c["expect"] = expect
		encoded, err := json.Marshal(c)
		check(err)
		out.Write(encoded)
		out.WriteByte('\n')
	}
	check(lines.Err())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// stable returns the answer if it is always the same. Clusters come out of a Go map, and the first of several errors is that
// of any entry of a map: where such an order matters, Argo CD's answer is one of many.
func stable(kind any, text []byte, w *world) (map[string]any, bool) {
	first := answer(kind, text, w)
	if first["error"] == nil && !unordered(text) {
		return first, true
	}
	for range 6 {
		if sorted(answer(kind, text, w)) != sorted(first) {
			return nil, false
		}
	}
	return first, true
}

func unordered(set []byte) bool {
	return bytes.Contains(set, []byte(`"clusters":`)) || bytes.Contains(set, []byte(`"merge":`))
}

func sorted(expect map[string]any) string {
	texts := []string{}
	for name, part := range expect {
		items, ok := part.([]any)
		if !ok {
			items = []any{part}
		}
		for _, item := range items {
			encoded, err := json.Marshal(item)
			check(err)
			texts = append(texts, name+string(encoded))
		}
	}
	sort.Strings(texts)
	return strings.Join(texts, "\n")
}

func answer(kind any, text []byte, w *world) (expect map[string]any) {
	defer func() {
		if r := recover(); r != nil {
			expect = map[string]any{"error": fmt.Sprint(r), "reason": "panic"}
		}
	}()
	var set v1alpha1.ApplicationSet
	if err := kjson.UnmarshalCaseSensitivePreserveInts(text, &set); err != nil {
		return map[string]any{"error": err.Error(), "reason": "decode"}
	}
	if kind == "params" {
		return parameters(set, w)
	}
	logger := log.NewEntry(log.StandardLogger())
	apps, reason, err := template.GenerateApplications(logger, set, all(w), &utils.Render{}, kube{world: w})
	if err != nil {
		// Which of several names is found first is up to a Go map.
		if before, _, ok := strings.Cut(err.Error(), "found duplicate key "); ok {
			return map[string]any{"error_contains": before + "found duplicate key ", "reason": string(reason)}
		}
		return map[string]any{"error": err.Error(), "reason": string(reason)}
	}
	list := []any{}
	for _, app := range apps {
		encoded, err := json.Marshal(app)
		check(err)
		var plain map[string]any
		check(json.Unmarshal(encoded, &plain))
		delete(plain, "status")
		list = append(list, plain)
	}
	// Clusters and what a merge gives come out of Go maps.
	order := "exact"
	if unordered(text) {
		order = "any"
	}
	return map[string]any{"applications": list, "order": order}
}

// parameters returns the parameter sets of all generators.
func parameters(set v1alpha1.ApplicationSet, w *world) map[string]any {
	sets := []any{}
	for _, entry := range set.Spec.Generators {
		results, err := generators.Transform(entry, all(w), v1alpha1.ApplicationSetTemplate{}, &set, map[string]any{}, kube{world: w})
		if err != nil {
			return map[string]any{"error": err.Error()}
		}
		for _, result := range results {
			for _, one := range result.Params {
				sets = append(sets, one)
			}
		}
	}
	return map[string]any{"params": sets, "order": "any"}
}
