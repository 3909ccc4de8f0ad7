package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/utils/kube"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	cmdutil "k8s.io/kubectl/pkg/cmd/util"
)

// RoundTrip answers what the engine asks through its clients: which kinds there are, and reads, updates and deletions of objects.
func (c *cluster) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	code, answer := c.answer(r.Method, strings.Split(strings.Trim(r.URL.Path, "/"), "/"), body)
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: code,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(bytes.NewReader(text)),
		Request:    r,
	}, nil
}

func (c *cluster) answer(method string, path []string, body []byte) (int, any) {
	group, version, rest := "", "", []string(nil)
	switch {
	case len(path) >= 2 && path[0] == "api":
		version, rest = path[1], path[2:]
	case len(path) >= 3 && path[0] == "apis":
		group, version, rest = path[1], path[2], path[3:]
	default:
		return failure(http.StatusNotFound, metav1.StatusReasonNotFound, "no such path")
	}
	if len(rest) == 0 {
		return c.discovery(group, version)
	}
	k := key{Group: group}
	if len(rest) == 4 && rest[0] == "namespaces" {
		k.Namespace, rest = rest[1], rest[2:]
	}
	if len(rest) != 2 {
		return failure(http.StatusNotFound, metav1.StatusReasonNotFound, "no such path")
	}
	k.Name = rest[1]
	for _, known := range c.request.Kinds {
		if known.Group == group && plural(known.Kind) == rest[0] {
			k.Kind = known.Kind
		}
	}
	return c.object(method, k, body)
}

func (c *cluster) object(method string, k key, body []byte) (int, any) {
	c.lock.Lock()
	_, there := c.readable[k]
	c.lock.Unlock()
	if method == http.MethodGet && k.Kind == "CustomResourceDefinition" && there {
		established := []any{object{"type": "Established", "status": "True"}}
		return http.StatusOK, object{
			"apiVersion": "apiextensions.k8s.io/v1", "kind": k.Kind,
			"metadata": object{"name": k.Name}, "status": object{"conditions": established},
		}
	}
	verb, how := "", ""
	switch method {
	case http.MethodGet:
		verb = "read"
	case http.MethodPut:
		verb = "release"
	case http.MethodPatch:
		// Fields change their manager: part of how the object is applied.
		c.lock.Lock()
		defer c.lock.Unlock()
		c.migrated[k] = true
		return http.StatusOK, c.readable[k]
	case http.MethodDelete:
		verb = "delete"
		var options metav1.DeleteOptions
		if err := json.Unmarshal(body, &options); err == nil && options.PropagationPolicy != nil {
			how = strings.ToLower(string(*options.PropagationPolicy))
		}
	}
	c.lock.Lock()
	found, ok := c.readable[k]
	c.lock.Unlock()
	if method == http.MethodGet && ok && migrates(found) {
		return http.StatusOK, found
	}
	if err := c.act(verb+" "+k.String(), how); err != nil {
		return failure(http.StatusForbidden, metav1.StatusReasonForbidden, err.Error())
	}
	if !ok {
		return failure(http.StatusNotFound, metav1.StatusReasonNotFound, k.String()+" not found")
	}
	if updated := (object{}); method == http.MethodPut && json.Unmarshal(body, &updated) == nil {
		c.lock.Lock()
		c.readable[k] = updated
		c.lock.Unlock()
	}
	return http.StatusOK, found
}

// migrates tells whether an object is read because its fields have the manager of client-side apply.
func migrates(un object) bool {
	return len((&unstructured.Unstructured{Object: un}).GetManagedFields()) > 0
}

func (c *cluster) discovery(group, version string) (int, any) {
	groupVersion := schema.GroupVersion{Group: group, Version: version}.String()
	all := metav1.APIResourceList{
		TypeMeta:     metav1.TypeMeta{Kind: "APIResourceList", APIVersion: "v1"},
		GroupVersion: groupVersion,
	}
	for _, known := range c.request.Kinds {
		if known.Group == group && known.Version == version {
			all.APIResources = append(all.APIResources, metav1.APIResource{
				Name: plural(known.Kind), Kind: known.Kind, Namespaced: known.Namespaced,
				Verbs: metav1.Verbs{"get", "list", "watch", "create", "update", "patch", "delete"},
			})
		}
	}
	if len(all.APIResources) == 0 {
		return failure(http.StatusNotFound, metav1.StatusReasonNotFound, "the server could not find the requested resource")
	}
	return http.StatusOK, all
}

func plural(kind string) string { return strings.ToLower(kind) + "s" }

func failure(code int, reason metav1.StatusReason, message string) (int, any) {
	return code, metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
		Status:   metav1.StatusFailure, Code: int32(code), Reason: reason, Message: message,
	}
}

// kubectl prunes, reads the application's namespace and hands out the operations; nothing else is asked of it.
type kubectl struct {
	kube.Kubectl
	cluster *cluster
}

func (k *kubectl) ManageResources(*rest.Config) (kube.ResourceOperations, func(), error) {
	return &operations{k.cluster}, func() {}, nil
}

func (k *kubectl) DeleteResource(
	_ context.Context, _ *rest.Config, gvk schema.GroupVersionKind, name, namespace string, options metav1.DeleteOptions,
) error {
	policy := strings.ToLower(string(*options.PropagationPolicy))
	return k.cluster.act("prune "+key{gvk.Group, gvk.Kind, namespace, name}.String(), policy)
}

func (k *kubectl) GetResource(
	_ context.Context, _ *rest.Config, _ schema.GroupVersionKind, name, _ string,
) (*unstructured.Unstructured, error) {
	r := k.cluster.request
	if r.AppNamespaceError != "" {
		return nil, errors.New(r.AppNamespaceError)
	}
	if r.AppNamespace == nil {
		return nil, apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, name)
	}
	return &unstructured.Unstructured{Object: r.AppNamespace}, nil
}

// operations writes objects.
type operations struct{ cluster *cluster }

func (o *operations) write(verb string, un *unstructured.Unstructured, dry cmdutil.DryRunStrategy, how string) (string, error) {
	if dry != cmdutil.DryRunNone {
		verb = "try-" + verb
	}
	k := keyOf(un)
	err := o.cluster.act(verb+" "+k.String(), how)
	if err == nil && dry == cmdutil.DryRunNone {
		o.cluster.appear(k)
	}
	return verb + " done", err
}

// appear makes an object readable that was written.
func (c *cluster) appear(k key) {
	c.lock.Lock()
	defer c.lock.Unlock()
	for _, known := range c.request.Kinds {
		if known.Group == k.Group && known.Kind == k.Kind && !known.Namespaced {
			k.Namespace = ""
		}
	}
	if one, ok := c.written[k]; ok {
		c.readable[k] = one
	}
}

func (o *operations) ApplyResource(
	_ context.Context, un *unstructured.Unstructured, dry cmdutil.DryRunStrategy, force, validate, serverSide bool, manager string,
) (string, error) {
	k := keyOf(un)
	o.cluster.lock.Lock()
	migrated := o.cluster.migrated[k] || o.cluster.migrated[key{k.Group, k.Kind, "", k.Name}]
	o.cluster.lock.Unlock()
	how := fmt.Sprintf("force=%t validate=%t server=%t migrated=%t", force, validate, serverSide, migrated)
	return o.write("apply", un, dry, how)
}

func (o *operations) ReplaceResource(
	_ context.Context, un *unstructured.Unstructured, dry cmdutil.DryRunStrategy, force bool,
) (string, error) {
	return o.write("replace", un, dry, fmt.Sprintf("force=%t", force))
}

func (o *operations) CreateResource(
	_ context.Context, un *unstructured.Unstructured, dry cmdutil.DryRunStrategy, validate bool,
) (string, error) {
	return o.write("create", un, dry, fmt.Sprintf("validate=%t", validate))
}

func (o *operations) UpdateResource(
	_ context.Context, un *unstructured.Unstructured, dry cmdutil.DryRunStrategy,
) (*unstructured.Unstructured, error) {
	_, err := o.write("update", un, dry, "version="+un.GetResourceVersion())
	return un, err
}
