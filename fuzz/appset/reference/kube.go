package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// kube is the Kubernetes API as far as generators read it: secrets, ConfigMaps and projects of the namespace argocd.
type kube struct {
	client.Client
	*world
}

func (k kube) List(_ context.Context, list client.ObjectList, options ...client.ListOption) error {
	var given client.ListOptions
	for _, option := range options {
		option.ApplyToList(&given)
	}
	secrets, ok := list.(*corev1.SecretList)
	if !ok {
		return fmt.Errorf("unexpected list %T", list)
	}
	for _, cluster := range k.Clusters {
		typed := map[string]string{"argocd.argoproj.io/secret-type": "cluster"}
		for key, value := range cluster.Labels {
			typed[key] = value
		}
		if given.LabelSelector != nil && !given.LabelSelector.Matches(labels.Set(typed)) {
			continue
		}
		name := cluster.SecretName
		if name == "" {
			name = cluster.Name
		}
		secret := corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "argocd", Labels: cluster.Labels, Annotations: cluster.Annotations}}
		secret.Data = map[string][]byte{"name": []byte(cluster.Name), "server": []byte(cluster.Server), "project": []byte(cluster.Project)}
		if cluster.Project == "" {
			delete(secret.Data, "project")
		}
		secrets.Items = append(secrets.Items, secret)
	}
	return nil
}

func (k kube) Get(_ context.Context, key client.ObjectKey, object client.Object, _ ...client.GetOption) error {
	switch object := object.(type) {
	case *v1alpha1.AppProject:
		for _, name := range k.Projects {
			if name == key.Name {
				object.Name = name
				return nil
			}
		}
		if k.Projects == nil {
			object.Name = key.Name
			return nil
		}
		return apierrors.NewNotFound(schema.GroupResource{Group: "argoproj.io", Resource: "appprojects"}, key.Name)
	case *corev1.ConfigMap:
		for _, found := range k.ConfigMaps {
			if found.Name == key.Name {
				object.Name, object.Data = found.Name, map[string]string{}
				for name, value := range found.Data {
					object.Data[name] = value
				}
				if object.Data["baseUrl"] != "" {
					object.Data["baseUrl"] = plugins.serve(k.Plugins[found.Name])
				}
				return nil
			}
		}
		return apierrors.NewNotFound(schema.GroupResource{Resource: "configmaps"}, key.Name)
	case *corev1.Secret:
		for _, found := range k.Secrets {
			if found.Name == key.Name {
				object.Name, object.Data = found.Name, map[string][]byte{}
				for name, value := range found.Data {
					object.Data[name] = []byte(value)
				}
				return nil
			}
		}
		return apierrors.NewNotFound(schema.GroupResource{Resource: "secrets"}, key.Name)
	}
	return fmt.Errorf("unexpected object %T", object)
}

// pluginServer answers every request with the same body.
type pluginServer struct {
	url  string
	body []byte
}

var plugins pluginServer

func (p *pluginServer) serve(body []byte) string {
	p.body = body
	return p.url
}

func (p *pluginServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/json")
	w.Write(p.body)
}
