package main

import (
	"context"
	"fmt"

	"github.com/argoproj/argo-cd/v3/applicationset/generators"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/settings"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes/fake"
)

// decisionResources returns Argo CD's generator of cluster decisions on a world. Clusters are put where its informer keeps them.
func decisionResources(w *world) generators.Generator {
	objects := []runtime.Object{}
	for _, one := range w.ConfigMaps {
		meta := metav1.ObjectMeta{Name: one.Name, Namespace: "argocd"}
		objects = append(objects, &corev1.ConfigMap{ObjectMeta: meta, Data: one.Data})
	}
	clients := fake.NewSimpleClientset(objects...)
	informer, err := settings.NewClusterInformer(clients, "argocd")
	check(err)
	for _, cluster := range w.Clusters {
		check(informer.GetIndexer().Add(&v1alpha1.Cluster{
			ObjectMeta: metav1.ObjectMeta{Name: cluster.Name, Namespace: "argocd"}, Name: cluster.Name, Server: cluster.Server,
		}))
	}
	return generators.NewDuckTypeGenerator(context.Background(), decisions{world: w}, clients, "argocd", informer)
}

// decisions lists the decision resources of a world: those of every kind that a ConfigMap names.
type decisions struct {
	dynamic.NamespaceableResourceInterface
	*world
	resource schema.GroupVersionResource
}

func (d decisions) Resource(resource schema.GroupVersionResource) dynamic.NamespaceableResourceInterface {
	return decisions{world: d.world, resource: resource}
}

func (d decisions) Namespace(string) dynamic.ResourceInterface {
	return d
}

func (d decisions) List(_ context.Context, options metav1.ListOptions) (*unstructured.UnstructuredList, error) {
	byLabel, err := labels.Parse(options.LabelSelector)
	if err != nil {
		return nil, err
	}
	byField, err := fields.ParseSelector(options.FieldSelector)
	if err != nil {
		return nil, err
	}
	known := false
	for _, one := range d.ConfigMaps {
		known = known || one.Data["kind"] == d.resource.Resource && one.Data["apiVersion"] == d.resource.GroupVersion().String()
	}
	if !known {
		return nil, fmt.Errorf("the server could not find %s", d.resource)
	}
	list := &unstructured.UnstructuredList{}
	for _, encoded := range d.DecisionResources {
		object := unstructured.Unstructured{}
		check(object.UnmarshalJSON(encoded))
		if byLabel.Matches(labels.Set(object.GetLabels())) && byField.Matches(fields.Set{"metadata.name": object.GetName()}) {
			list.Items = append(list.Items, object)
		}
	}
	return list, nil
}
