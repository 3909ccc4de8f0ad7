// Command reference gives the answers of Go's text/template with sprig to generated templates.
//
//	go build -tags faketime -o reference . && ./reference CASES ANSWERS
//
// CASES holds one JSON case a line, as `differential generate` writes them; ANSWERS gets the same lines with "expected",
// "expected_b64" (output that is not UTF-8) or "error" added. The build tag stops the clock at 2009-11-10T23:00:00Z, so
// that answers that depend on the time can be compared. The tag also frames what goes to standard output, hence the files.
//
// Cases over which Go itself crashes, and those whose answer is another every time, are left out.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"

	"github.com/Masterminds/sprig/v3"
	"github.com/gosimple/slug"
	"sigs.k8s.io/yaml"
)

// limit is how many bytes a template may write; generated ones that write more are left out.
const limit = 4 << 20

// addresses are in the texts of pointers; they are never the same twice.
var addresses = regexp.MustCompile(`0x[0-9a-f]{10,}`)

func main() {
	if len(os.Args) > 3 {
		from, err := strconv.Atoi(os.Args[3])
		check(err)
		work(from)
		return
	}
	// The work is done by other processes, since a stack overflow ends one and cannot be caught.
	check(os.WriteFile(os.Args[2], nil, 0o644))
	for {
		command := exec.Command(os.Args[0], os.Args[1], os.Args[2], strconv.Itoa(lines()))
		if command.Run() == nil {
			return
		}
		appendTo(func(out *bufio.Writer) { out.WriteByte('\n') })
	}
}

// lines tells how many cases have been dealt with: each has a line, an empty one if it is left out.
func lines() int {
	answers, err := os.ReadFile(os.Args[2])
	check(err)
	return bytes.Count(answers, []byte("\n"))
}

func appendTo(write func(*bufio.Writer)) {
	file, err := os.OpenFile(os.Args[2], os.O_APPEND|os.O_WRONLY, 0o644)
	check(err)
	out := bufio.NewWriterSize(file, 1<<20)
	write(out)
	check(out.Flush())
	check(file.Close())
}

func work(from int) {
	debug.SetMaxStack(64 << 20)
	in, err := os.Open(os.Args[1])
	check(err)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	appendTo(func(out *bufio.Writer) {
		for i := 0; lines.Scan(); i++ {
			if i < from {
				continue
			}
			if answer, ok := answer(lines.Bytes()); ok {
				out.Write(answer)
			}
			out.WriteByte('\n')
			check(out.Flush())
		}
	})
	check(lines.Err())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var errTooLong = errors.New("too long")

type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > limit {
		return 0, errTooLong
	}
	return b.Buffer.Write(p)
}

func answer(line []byte) ([]byte, bool) {
	var c map[string]any
	check(json.Unmarshal(line, &c))
	text, err := render(c)
	// What is not the same twice is an address or a random number.
	if again, err2 := render(c); again != text || (err == nil) != (err2 == nil) || err != nil && err.Error() != err2.Error() {
		return nil, false
	}
	switch {
	case errors.Is(err, errTooLong), addresses.MatchString(text), err != nil && addresses.MatchString(err.Error()):
		return nil, false
	case err != nil:
		c["error"] = err.Error()
	case utf8.ValidString(text):
		c["expected"] = text
	default:
		c["expected_b64"] = base64.StdEncoding.EncodeToString([]byte(text))
	}
	c["now"] = time.Now().Unix()
	encoded, err := json.Marshal(c)
	check(err)
	return encoded, true
}

func render(c map[string]any) (text string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	options, _ := c["options"].(map[string]any)
	t := template.New("t").Funcs(functions(fmt.Sprint(options["funcs"])))
	if delims, ok := options["delims"].([]any); ok {
		t.Delims(delims[0].(string), delims[1].(string))
	}
	if missing, ok := options["missingkey"].(string); ok {
		t.Option("missingkey=" + missing)
	}
	for _, define := range c["defines"].([]any) {
		define := define.(map[string]any)
		if _, err := t.New(define["name"].(string)).Parse(define["text"].(string)); err != nil {
			return "", err
		}
	}
	if t, err = t.Parse(c["template"].(string)); err != nil {
		return "", err
	}
	var out bounded
	if err := t.Execute(&out, value(c["data"])); err != nil {
		return "", err
	}
	return out.String(), nil
}

func functions(set string) template.FuncMap {
	if set == "builtin" {
		return nil
	}
	functions := sprig.TxtFuncMap()
	if set == "argocd" {
		for _, name := range []string{"env", "expandenv", "getHostByName"} {
			delete(functions, name)
		}
		functions["normalize"] = normalize
		functions["slugify"] = slugify
		functions["toYaml"] = toYaml
		functions["fromYaml"] = fromYaml[map[string]any]
		functions["fromYamlArray"] = fromYaml[[]any]
	}
	return functions
}

var invalid = regexp.MustCompile(`[^-a-z0-9.]`)

// normalize makes a name that Kubernetes takes, as Argo CD does.
func normalize(name string) string {
	name = invalid.ReplaceAllString(strings.ToLower(name), "-")
	return strings.Trim(name[:min(len(name), 253)], "-.")
}

// slugify reads its arguments by place, the text last; a wrong type is a panic, as it is in Argo CD.
func slugify(args ...any) string {
	size, smart, text := 50, true, ""
	for i, arg := range args {
		switch i {
		case len(args) - 1:
			text = arg.(string)
		case 0:
			size = arg.(int)
		case 1:
			smart = arg.(bool)
		}
	}
	slug.MaxLength, slug.EnableSmartTruncate = size, smart
	return slug.Make(normalize(text))
}

func toYaml(v any) (string, error) {
	text, err := yaml.Marshal(v)
	return strings.TrimSuffix(string(text), "\n"), err
}

func fromYaml[T any](text string) (T, error) {
	var parsed T
	switch p := any(&parsed).(type) {
	case *map[string]any:
		*p = map[string]any{}
	case *[]any:
		*p = []any{}
	}
	if err := yaml.Unmarshal([]byte(text), &parsed); err != nil {
		var none T
		return none, err
	}
	return parsed, nil
}

// value reads data: JSON whose numbers are floats, and {"$go:TYPE": …} for everything else.
func value(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = value(item)
		}
		return list
	case map[string]any:
		if len(v) == 1 {
			for key, content := range v {
				if kind, ok := strings.CutPrefix(key, "$go:"); ok {
					return typed(kind, content)
				}
			}
		}
		object := make(map[string]any, len(v))
		for key, item := range v {
			object[key] = value(item)
		}
		return object
	}
	return v
}

func typed(kind string, content any) any {
	text := fmt.Sprint(content)
	if number, ok := content.(float64); ok {
		text = strconv.FormatFloat(number, 'f', -1, 64)
	}
	signed := func(bits int) int64 { n, err := strconv.ParseInt(text, 10, bits); check(err); return n }
	unsigned := func(bits int) uint64 { n, err := strconv.ParseUint(text, 10, bits); check(err); return n }
	switch kind {
	case "int":
		return int(signed(64))
	case "int8":
		return int8(signed(8))
	case "int16":
		return int16(signed(16))
	case "int32":
		return int32(signed(32))
	case "int64":
		return signed(64)
	case "uint":
		return uint(unsigned(64))
	case "uint8":
		return uint8(unsigned(8))
	case "uint16":
		return uint16(unsigned(16))
	case "uint32":
		return uint32(unsigned(32))
	case "uint64":
		return unsigned(64)
	case "float64":
		if number, ok := content.(float64); ok {
			return number
		}
		number, err := strconv.ParseFloat(text, 64)
		check(err)
		return math.Float64frombits(math.Float64bits(number))
	case "[]string":
		list := []string{}
		for _, item := range content.([]any) {
			list = append(list, item.(string))
		}
		return list
	case "[]int":
		list := []int{}
		for _, item := range content.([]any) {
			list = append(list, int(item.(float64)))
		}
		return list
	case "map[string]string":
		object := map[string]string{}
		for key, item := range content.(map[string]any) {
			object[key] = item.(string)
		}
		return object
	case "time":
		at, err := time.Parse(time.RFC3339Nano, text)
		check(err)
		return at
	case "bytes":
		return decoded(text)
	case "string-b64":
		return string(decoded(text))
	case "nil-list":
		return []any(nil)
	case "nil-map":
		return map[string]any(nil)
	}
	panic("unknown kind " + kind)
}

func decoded(text string) []byte {
	raw, err := base64.StdEncoding.DecodeString(text)
	check(err)
	return slices.Clip(raw)
}
