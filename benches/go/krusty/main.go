// Builds the directories named on standard input, all of them as often as asked, in one process, and prints how long one round took.
//
//	find . -name kustomization.yaml -printf '%h\n' | krusty -rounds 3
//
// The first round is not counted: it pays for the OpenAPI document once.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"syscall"
	"time"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func main() {
	rounds := flag.Int("rounds", 3, "how many rounds are measured")
	flag.Parse()
	var directories []string
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		directories = append(directories, lines.Text())
	}
	build := func() (bytes int) {
		for _, directory := range directories {
			kustomizer := krusty.MakeKustomizer(krusty.MakeDefaultOptions())
			result, err := kustomizer.Run(filesys.MakeFsOnDisk(), directory)
			if err != nil {
				fmt.Fprintln(os.Stderr, directory, err)
				os.Exit(1)
			}
			text, err := result.AsYaml()
			if err != nil {
				fmt.Fprintln(os.Stderr, directory, err)
				os.Exit(1)
			}
			bytes += len(text)
		}
		return bytes
	}
	bytes := build()
	best, bestCPU := time.Duration(1<<63-1), time.Duration(1<<63-1)
	for range *rounds {
		start, startCPU := time.Now(), cpuTime()
		build()
		best, bestCPU = min(best, time.Since(start)), min(bestCPU, cpuTime()-startCPU)
	}
	fmt.Printf("{\"seconds\": %.6f, \"cpu_seconds\": %.6f, \"bytes\": %d, \"builds\": %d}\n",
		best.Seconds(), bestCPU.Seconds(), bytes, len(directories))
}

// cpuTime is what all threads have spent on processors.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
