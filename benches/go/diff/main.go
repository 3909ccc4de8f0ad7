// Command diff compares the pairs of objects on standard input, each a line with the configured and a line with the live
// one, with gitops-engine's diff, and prints how much processor time one round took.
//
// Argo CD is no library: build beside a checkout of it with
//
//	go work init . CHECKOUT/gitops-engine && go build
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"syscall"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/diff"
)

const rounds = 3

func main() {
	var configs, lives []*unstructured.Unstructured
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		config, more := object(lines)
		if !more {
			break
		}
		live, _ := object(lines)
		configs, lives = append(configs, config), append(lives, live)
	}
	best, modified := 0.0, 0
	for round := range rounds {
		start := processorTime()
		result, err := diff.DiffArray(context.Background(), configs, lives, diff.WithNormalizer(ignoreStatus{}))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		took := processorTime() - start
		if round == 0 || took < best {
			best = took
		}
		modified = 0
		for _, one := range result.Diffs {
			if one.Modified {
				modified++
			}
		}
	}
	fmt.Printf("{\"seconds\": %.6f, \"modified\": %d}\n", best, modified)
}

func object(lines *bufio.Reader) (*unstructured.Unstructured, bool) {
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return nil, false
	}
	var value map[string]any
	if err := json.Unmarshal(line, &value); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return &unstructured.Unstructured{Object: value}, true
}

// ignoreStatus takes the status away, as Argo CD does unless it is told not to.
type ignoreStatus struct{}

func (ignoreStatus) Normalize(object *unstructured.Unstructured) error {
	delete(object.Object, "status")
	return nil
}

func processorTime() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(usage.Utime) + seconds(usage.Stime)
}
