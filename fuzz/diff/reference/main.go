// Command reference answers questions about patches and diffs in a loop, with the libraries that Argo CD uses.
//
// It reads one JSON request a line from standard input and answers each with one line: {"ok": …} or {"error": "…"}.
// Each request names its operation in "op"; patch.go and compare.go list the operations and what they read.
//
// Argo CD is no library, so building needs a checkout of it beside this module, at the commit to compare with:
//
//	go work init . CHECKOUT CHECKOUT/gitops-engine && go build
//
// The variable OPENAPI names an OpenAPI v2 document that describes the cluster's kinds, custom ones included.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/sirupsen/logrus"
)

// request holds every field that any operation reads.
type request struct {
	Op         string          `json:"op"`
	APIVersion string          `json:"apiVersion"`
	Kind       string          `json:"kind"`
	A          json.RawMessage `json:"a"`
	B          json.RawMessage `json:"b"`
	C          json.RawMessage `json:"c"`
	Overwrite  bool            `json:"overwrite"`
	Negative   bool            `json:"neg"`
	Missing    bool            `json:"allowMissing"`
	Ensure     bool            `json:"ensurePath"`
	Options    compareOptions  `json:"options"`
}

type answer struct {
	OK    json.RawMessage `json:"ok,omitempty"`
	Error *string         `json:"error,omitempty"`
}

func main() {
	debug.SetMaxStack(64 << 20)
	logrus.SetOutput(io.Discard)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var a answer
		result, err := run(line)
		if err != nil {
			text := err.Error()
			a.Error = &text
		} else {
			a.OK = result
		}
		body, err := json.Marshal(a)
		if err != nil {
			text := "invalid answer: " + err.Error()
			body, _ = json.Marshal(answer{Error: &text})
		}
		out.Write(body)
		out.WriteByte('\n')
		out.Flush()
	}
}

func run(line []byte) (result json.RawMessage, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = nil, fmt.Errorf("panic: %v", p)
		}
	}()
	var r request
	if err := json.Unmarshal(line, &r); err != nil {
		return nil, err
	}
	if operation, ok := operations[r.Op]; ok {
		return operation(&r)
	}
	return nil, fmt.Errorf("unknown operation %q", r.Op)
}

var operations map[string]func(*request) (json.RawMessage, error)

func init() {
	operations = map[string]func(*request) (json.RawMessage, error){}
	for name, operation := range patchOperations {
		operations[name] = operation
	}
	for name, operation := range compareOperations {
		operations[name] = operation
	}
}
