// Renders templates with Go's text/template and sprig, as often as asked, and prints how long one round took.
//
//	templates -rounds 20 < INPUT
//
// INPUT is {"templates": ["…"], "data": [{…}]}: every template is rendered with every data. "each" parses a template again
// for every render, as Argo CD's ApplicationSet controller does; "once" parses it once.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"
)

var invalid = regexp.MustCompile("[^-a-z0-9.]")

func main() {
	rounds := flag.Int("rounds", 20, "how many rounds are measured")
	flag.Parse()
	var input struct {
		Templates []string
		Data      []map[string]any
	}
	check(json.NewDecoder(os.Stdin).Decode(&input))
	functions := sprig.GenericFuncMap()
	functions["normalize"] = func(name string) string {
		name = invalid.ReplaceAllString(strings.ToLower(name), "-")
		return strings.Trim(name[:min(len(name), 253)], "-.")
	}
	functions["toYaml"] = func(v any) (string, error) {
		text, err := yaml.Marshal(v)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	base := template.New("base").Option("missingkey=error").Funcs(functions)
	parse := func(text string) *template.Template {
		clone, err := base.Clone()
		check(err)
		parsed, err := clone.Parse(text)
		check(err)
		return parsed
	}
	render := func(t *template.Template, data map[string]any) int {
		var out bytes.Buffer
		check(t.Execute(&out, data))
		return out.Len()
	}
	each := func() (size int) {
		for _, data := range input.Data {
			for _, text := range input.Templates {
				size += render(parse(text), data)
			}
		}
		return size
	}
	once := func() (size int) {
		var parsed []*template.Template
		for _, text := range input.Templates {
			parsed = append(parsed, parse(text))
		}
		for _, data := range input.Data {
			for _, t := range parsed {
				size += render(t, data)
			}
		}
		return size
	}
	size := each()
	fmt.Printf("{\"each\": %.9f, \"once\": %.9f, \"bytes\": %d}\n", best(*rounds, each), best(*rounds, once), size)
}

func best(rounds int, run func() int) float64 {
	best := time.Duration(1<<63 - 1)
	for range rounds {
		start := time.Now()
		run()
		best = min(best, time.Since(start))
	}
	return best.Seconds()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
