// Measures the libraries that trueup reads and writes like, on one file.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"go.yaml.in/yaml/v3"
	sigs "sigs.k8s.io/yaml"
)

func row(name string, bytes int, work func()) {
	work()
	best := time.Duration(1 << 62)
	for begin := time.Now(); time.Since(begin) < 700*time.Millisecond; {
		start := cpuTime()
		work()
		if took := cpuTime() - start; took < best {
			best = took
		}
	}
	fmt.Printf("  %-24s %8.1f MB/s\n", name, float64(bytes)/best.Seconds()/1e6)
}

// cpuTime is what all threads have spent on processors.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	check(err)
	documents := bytes.Split(text, []byte("\n---\n"))
	row("read, go v3 nodes", len(text), func() {
		for _, document := range documents {
			var node yaml.Node
			if err := yaml.NewDecoder(bytes.NewReader(document)).Decode(&node); err != io.EOF {
				check(err)
			}
		}
	})
	values := make([]interface{}, len(documents))
	row("read, go sigs", len(text), func() {
		for i, document := range documents {
			check(sigs.Unmarshal(document, &values[i]))
		}
	})
	size := 0
	for _, value := range values {
		out, err := sigs.Marshal(value)
		check(err)
		size += len(out)
	}
	row("write, go sigs", size, func() {
		for _, value := range values {
			_, err := sigs.Marshal(value)
			check(err)
		}
	})
}
