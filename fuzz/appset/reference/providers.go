package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strings"
	"unsafe"

	"github.com/argoproj/argo-cd/v3/applicationset/generators"
	pullrequest "github.com/argoproj/argo-cd/v3/applicationset/services/pull_request"
	scm "github.com/argoproj/argo-cd/v3/applicationset/services/scm_provider"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/bmatcuk/doublestar/v4"
)

// all returns Argo CD's generators on a world, nested as its controller nests them.
func all(w *world) map[string]generators.Generator {
	api := kube{world: w}
	pulls := generators.NewPullRequestGenerator(api, generators.NewSCMConfig("", nil, true, true, nil, false))
	override(pulls, provider{w})
	terminal := map[string]generators.Generator{
		"List":                    generators.NewListGenerator(),
		"Clusters":                generators.NewClusterGenerator(api, "argocd"),
		"Git":                     generators.NewGitGenerator(repositories{w}, "argocd"),
		"SCMProvider":             generators.NewTestSCMProviderGenerator(provider{w}),
		"ClusterDecisionResource": decisionResources(w),
		"PullRequest":             pulls,
		"Plugin":                  generators.NewPluginGenerator(api, "argocd"),
	}
	with := func(inner map[string]generators.Generator) map[string]generators.Generator {
		outer := map[string]generators.Generator{"Matrix": generators.NewMatrixGenerator(inner), "Merge": generators.NewMergeGenerator(inner)}
		for name, generator := range terminal {
			outer[name] = generator
		}
		return outer
	}
	return with(with(terminal))
}

// override makes the pull request generator ask the world once it has found a provider in its section.
func override(generator generators.Generator, p provider) {
	field := reflect.ValueOf(generator).Elem().FieldByName("selectServiceProviderFunc")
	field = reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
	type function = func(context.Context, *v1alpha1.PullRequestGenerator, *v1alpha1.ApplicationSet) (pullrequest.PullRequestService, error)
	original := field.Interface().(function)
	field.Set(reflect.ValueOf(function(func(ctx context.Context, g *v1alpha1.PullRequestGenerator, set *v1alpha1.ApplicationSet) (pullrequest.PullRequestService, error) {
		if g.Github == nil && g.GitLab == nil && g.Gitea == nil && g.BitbucketServer == nil && g.Bitbucket == nil && g.AzureDevOps == nil {
			return original(ctx, g, set)
		}
		return p, nil
	})))
}

// provider is every SCM provider.
type provider struct{ *world }

// List returns the pull requests.
func (p provider) List(context.Context) ([]*pullrequest.PullRequest, error) {
	var failure struct {
		Error              string
		RepositoryNotFound bool
	}
	if json.Unmarshal(p.PullRequests, &failure) == nil && failure.Error != "" {
		err := errors.New(failure.Error)
		if failure.RepositoryNotFound {
			return nil, pullrequest.NewRepositoryNotFoundError(err)
		}
		return nil, err
	}
	var list []*pullrequest.PullRequest
	if len(p.PullRequests) > 0 {
		check(json.Unmarshal(p.PullRequests, &list))
	}
	return list, nil
}

// ListRepos returns each repository once, with its first branch.
func (p provider) ListRepos(context.Context, string) ([]*scm.Repository, error) {
	var repos []*scm.Repository
	for i := range p.Scm {
		one := p.repository(i)
		if !slices.ContainsFunc(repos, func(known *scm.Repository) bool { return sameRepository(known, one) }) {
			repos = append(repos, one)
		}
	}
	return repos, nil
}

// GetBranches returns the branches of a repository.
func (p provider) GetBranches(_ context.Context, repo *scm.Repository) ([]*scm.Repository, error) {
	var branches []*scm.Repository
	for i := range p.Scm {
		if one := p.repository(i); sameRepository(one, repo) {
			branches = append(branches, one)
		}
	}
	return branches, nil
}

// RepoHasPath tells whether a path is in a branch.
func (p provider) RepoHasPath(_ context.Context, repo *scm.Repository, path string) (bool, error) {
	for i, entry := range p.Scm {
		if one := p.repository(i); sameRepository(one, repo) && one.Branch == repo.Branch {
			return slices.Contains(entry.Paths, path), nil
		}
	}
	return false, nil
}

func (p provider) repository(i int) *scm.Repository {
	r := p.Scm[i]
	id := r.RepositoryID
	if number, ok := id.(float64); ok {
		id = int64(number)
	}
	return &scm.Repository{Organization: r.Organization, Repository: r.Repository, URL: r.URL, Branch: r.Branch, SHA: r.SHA, Labels: r.Labels, RepositoryId: id}
}

func sameRepository(a, b *scm.Repository) bool {
	return a.Organization == b.Organization && a.Repository == b.Repository
}

// repositories are the git repositories, as the repository server reads them.
type repositories struct{ *world }

func (r repositories) GetDirectories(_ context.Context, url, revision, _ string, _ bool, _ *v1alpha1.SourceIntegrity) ([]string, error) {
	for _, git := range r.Git {
		if git.RepoURL != url || git.Revision != revision {
			continue
		}
		if git.Error != "" {
			return nil, errors.New(git.Error)
		}
		if git.Directories != nil {
			return git.Directories, nil
		}
		return directories(git.Files), nil
	}
	return nil, fmt.Errorf("no repository %s at %s", url, revision)
}

// directories lists what a walk over a checkout finds: no root, nothing hidden, siblings by name.
func directories(files map[string]string) []string {
	found := map[string]bool{}
	for file := range files {
		segments := strings.Split(file, "/")
		for i := 1; i < len(segments) && !strings.HasPrefix(segments[i-1], "."); i++ {
			found[strings.Join(segments[:i], "/")] = true
		}
	}
	list := []string{}
	for path := range found {
		list = append(list, path)
	}
	sort.Slice(list, func(i, j int) bool {
		return slices.Compare(strings.Split(list[i], "/"), strings.Split(list[j], "/")) < 0
	})
	return list
}

func (r repositories) GetFiles(_ context.Context, url, revision, _, pattern string, _ bool, _ *v1alpha1.SourceIntegrity) (map[string][]byte, error) {
	for _, git := range r.Git {
		if git.RepoURL != url || git.Revision != revision {
			continue
		}
		if git.Error != "" {
			return nil, errors.New(git.Error)
		}
		// The words are those of the repository server and of the client that asks it.
		failed := func(what string, err any) error {
			return fmt.Errorf("error retrieving Git files: rpc error: code = Internal desc = unable to %s files. repo %s with revision %s pattern %s: %v", what, url, revision, pattern, err)
		}
		if pattern == "" {
			pattern = "."
		}
		names, err := matching(git.Files, pattern, r.GitFileGlobbing == "new")
		if err != nil {
			return nil, failed("list", err)
		}
		files := map[string][]byte{}
		for _, name := range names {
			content, ok := git.Files[name]
			if !ok {
				return nil, failed("read", fmt.Sprintf("read %s: is a directory", name))
			}
			files[name] = []byte(content)
		}
		return files, nil
	}
	return nil, fmt.Errorf("no repository %s at %s", url, revision)
}

// matching lists the files of a checkout that match a pattern. Checkouts and answers are kept: generated worlds repeat.
func matching(files map[string]string, pattern string, modern bool) ([]string, error) {
	root := checkout(files)
	key := fmt.Sprint(root, modern, pattern)
	if known, ok := matches[key]; ok {
		return known.names, known.err
	}
	var found struct {
		names []string
		err   error
	}
	if modern {
		var names []string
		names, found.err = doublestar.FilepathGlob(filepath.Join(root, pattern))
		for _, name := range names {
			relative, err := filepath.Rel(root, name)
			check(err)
			found.names = append(found.names, relative)
		}
	} else {
		command := exec.Command("git", "ls-files", "--full-name", "-z", "--", pattern)
		command.Dir = root
		var out []byte
		out, found.err = command.Output()
		for _, name := range strings.Split(string(out), "\x00") {
			if name != "" {
				found.names = append(found.names, name)
			}
		}
	}
	matches[key] = found
	return found.names, found.err
}

var matches = map[string]struct {
	names []string
	err   error
}{}

func checkout(files map[string]string) string {
	names := []string{}
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	key := fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(names, "\x00"))))
	root := filepath.Join(os.TempDir(), "trueup-appset-reference", key)
	if _, err := os.Stat(root); err == nil {
		return root
	}
	check(os.MkdirAll(root, 0o755))
	for _, name := range names {
		path := filepath.Join(root, name)
		check(os.MkdirAll(filepath.Dir(path), 0o755))
		check(os.WriteFile(path, nil, 0o644))
	}
	for _, arguments := range [][]string{{"init", "-q"}, {"add", "-A", "-f"}} {
		command := exec.Command("git", arguments...)
		command.Dir = root
		check(command.Run())
	}
	return root
}
