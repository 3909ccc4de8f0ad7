// Command reference answers kustomize builds in a loop, so that a differential run does not pay for a process each.
//
// It reads one JSON request a line from standard input:
//
//	{"dir": "/abs/dir", "reorder": "none", "load_restrictor": "none", "managed_by": true, "fresh": true, "seconds": 150}
//
// and answers each with a line "ok LENGTH" or "err LENGTH" and that many bytes: the YAML, or the error text.
// "fresh" forgets the OpenAPI schema before and after the build, as a new process would; it is needed only when a
// kustomization of the tree sets `openapi`, and costs some 30 ms. "seconds" is how long the build may take, 20 unless told.
// Output meant for standard error is dropped. Build it with `fuzz/reference.sh kustomize PROGRAM`, which tells it its version.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"time"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/openapi"
)

type request struct {
	Dir            string `json:"dir"`
	Reorder        string `json:"reorder"`
	LoadRestrictor string `json:"load_restrictor"`
	ManagedBy      bool   `json:"managed_by"`
	Fresh          bool   `json:"fresh"`
	Seconds        int    `json:"seconds"`
}

// limit is how long one build may take unless the request says otherwise; past it the program ends, and the caller sees the pipe close.
const limit = 20 * time.Second

func main() {
	// A stack overflow cannot be caught. A small stack makes it quick.
	debug.SetMaxStack(64 << 20)
	// Memory is there; a build is over before collecting it would pay.
	debug.SetGCPercent(1000)
	log.SetOutput(io.Discard)
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stderr = null
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var r request
		if err := json.Unmarshal(line, &r); err != nil {
			fmt.Fprintln(out, "err 0")
			out.Flush()
			continue
		}
		allowed := limit
		if r.Seconds > 0 {
			allowed = time.Duration(r.Seconds) * time.Second
		}
		timer := time.AfterFunc(allowed, func() { os.Exit(3) })
		body, err := build(r)
		timer.Stop()
		status := "ok"
		if err != nil {
			status, body = "err", []byte(err.Error())
		}
		fmt.Fprintf(out, "%s %d\n", status, len(body))
		out.Write(body)
		out.Flush()
	}
}

func build(r request) (body []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			body, err = nil, fmt.Errorf("panic: %v", p)
			openapi.ResetOpenAPI()
		}
	}()
	if r.Fresh {
		openapi.ResetOpenAPI()
		defer openapi.ResetOpenAPI()
	}
	options := krusty.MakeDefaultOptions()
	options.Reorder = krusty.ReorderOptionUnspecified
	switch r.Reorder {
	case "none":
		options.Reorder = krusty.ReorderOptionNone
	case "legacy":
		options.Reorder = krusty.ReorderOptionLegacy
	}
	if r.LoadRestrictor == "none" {
		options.LoadRestrictions = types.LoadRestrictionsNone
	}
	options.AddManagedbyLabel = r.ManagedBy
	m, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), r.Dir)
	if err != nil {
		return nil, err
	}
	return m.AsYaml()
}
