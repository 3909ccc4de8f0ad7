#!/usr/bin/env python3
"""Writes the example repository `platform-configs/` and what "runs" in its three clusters, `live/`.

    python3 examples/generate.py                      # the repository
    python3 examples/generate.py --live 'trueup build'  # the clusters too: rendered, defaulted, then drifted on purpose

Standard library only, no clock, no randomness: the same files every time. The drifts are listed in DRIFT.md beside this file.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE / "platform-configs"
LIVE = HERE / "live"
REPO = "https://git.example.com/org/platform-configs.git"
ENVIRONMENTS = ["development", "staging", "production"]
REGISTRY = "registry.example.com:5000/shop"

# name, kind of workload, port
SERVICES = [
    ("accounts", "web", 8080), ("adverts", "web", 8081), ("basket", "web", 8082), ("billing", "web", 8083),
    ("catalogue", "web", 8084), ("checkout", "web", 8085), ("coupons", "web", 8086), ("currency", "web", 8087),
    ("customer-support", "web", 8088), ("delivery", "web", 8089), ("email", "worker", 0), ("exports", "cron", 0),
    ("feature-flags", "web", 8090), ("fraud", "worker", 0), ("gateway", "web", 8091), ("identity", "web", 8092),
    ("images", "web", 8093), ("invoices", "worker", 0), ("ledger", "stateful", 7000), ("orders", "web", 8094),
    ("payment", "web", 8095), ("pricing", "web", 8096), ("push", "worker", 0), ("recommendations", "web", 8097),
    ("reports", "cron", 0), ("reviews", "web", 8098), ("search", "stateful", 9200), ("sessions", "stateful", 6379),
    ("shipping", "worker", 0), ("stock", "web", 8099),
]
REPLICAS = {"development": 1, "staging": 2, "production": 3}


def write(path, text):
    file = ROOT / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def deployment(name, port):
    ports = f"""
          ports:
            - name: http
              containerPort: {port}
          readinessProbe:
            httpGet: {{path: /ready, port: http}}
            periodSeconds: 5""" if port else ""
    return f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      serviceAccountName: {name}
      containers:
        - name: {name}
          image: {name}:unset # every overlay pins it{ports}
          envFrom:
            - configMapRef:
                name: {name}-settings
          resources:
            requests: {{cpu: 50m, memory: 64Mi}}
            limits: {{memory: 256Mi}}
"""


def stateful(name, port):
    return f"""apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {name}
spec:
  serviceName: {name}
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      containers:
        - name: {name}
          image: {name}:unset
          ports:
            - name: tcp
              containerPort: {port}
          envFrom:
            - configMapRef:
                name: {name}-settings
          volumeMounts:
            - name: data
              mountPath: /data
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 10Gi
"""


def cronjob(name):
    return f"""apiVersion: batch/v1
kind: CronJob
metadata:
  name: {name}
spec:
  schedule: "15 3 * * *" # at night
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: {name}
              image: {name}:unset
              envFrom:
                - configMapRef:
                    name: {name}-settings
"""


def service(name, port, headless=False):
    cluster_ip = "\n  clusterIP: None" if headless else ""
    target = "tcp" if headless else "http"
    return f"""apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:{cluster_ip}
  selector:
    app: {name}
  ports:
    - name: {target}
      port: {port if headless else 80}
      targetPort: {target}
"""


INGRESS = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {name}
  annotations:
    argocd.argoproj.io/sync-wave: "5"
spec:
  ingressClassName: nginx
  rules:
    - host: {name}.example.invalid # every overlay sets it
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {name}
                port:
                  name: http
"""

HPA = """apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {name}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {name}
  minReplicas: 1
  maxReplicas: 4
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
"""

MIGRATION = """apiVersion: batch/v1
kind: Job
metadata:
  name: {name}-migrate
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
spec:
  backoffLimit: 1
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: {name}:unset
          args: [migrate, --wait]
"""

PDB = """apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {name}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: {name}
"""

CREDENTIALS = """apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: {name}-database
spec:
  refreshInterval: 1h
  secretStoreRef:
    kind: ClusterSecretStore
    name: vault
  data:
    - secretKey: password
      remoteRef:
        key: development/{name}
        property: password
"""


def base(position, name, kind, port):
    here = f"services/{name}/base"
    files = {}
    if kind in ("web", "worker"):
        files["deployment.yaml"] = deployment(name, port)
        files["serviceaccount.yaml"] = f"apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n"
    if kind == "web":
        files["service.yaml"] = service(name, port)
        files["ingress.yaml"] = INGRESS.format(name=name)
        files["hpa.yaml"] = HPA.format(name=name)
    if kind == "stateful":
        files["statefulset.yaml"] = stateful(name, port)
        files["service.yaml"] = service(name, port, headless=True)
    if kind == "cron":
        files["cronjob.yaml"] = cronjob(name)
    if position % 3 == 0 and kind != "cron":
        files["pdb.yaml"] = PDB.format(name=name)
    if position % 4 == 0:
        files["credentials.yaml"] = CREDENTIALS.format(name=name)
    if name in ("payment", "orders"):
        files["migration.yaml"] = MIGRATION.format(name=name)
    for file, text in files.items():
        write(f"{here}/{file}", text)
    write(f"{here}/settings.properties", f"service.name={name}\npool.size={5 + position % 7}\ncache.enabled={'yes' if position % 2 else 'no'}\n")
    resources = "".join(f"  - {file}\n" for file in sorted(files))
    write(f"{here}/kustomization.yaml", f"""apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
{resources}configMapGenerator:
  - name: {name}-settings
    literals:
      - LOG_FORMAT=json
      - PORT={port}
    files:
      - settings.properties
labels:
  - pairs:
      app.kubernetes.io/name: {name}
      app.kubernetes.io/part-of: shop
""")
    return files


def overlay(position, name, kind, files, environment):
    here = f"services/{name}/overlays/{environment}"
    production = environment == "production"
    tag = f"1.{position}.{'4' if production else '5'}"
    text = f"""apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: {name}
resources:
  - ../../base
"""
    components = []
    if production:
        components.append("hardened")
    if position % 5 == 0:
        components.append("traced")
    if components and kind in ("web", "worker"):
        text += "components:\n" + "".join(f"  - ../../../../components/{component}\n" for component in components)
    text += f"""images:
  - name: {name}
    newName: {REGISTRY}/{name}
    newTag: {tag}
configMapGenerator:
  - name: {name}-settings
    behavior: merge
    literals:
      - ENVIRONMENT={environment}
      - LOG_LEVEL={'warn' if production else 'debug'}
labels:
  - pairs:
      environment: {environment}
"""
    patches = ""
    if kind != "cron":
        text += f"replicas:\n  - name: {name}\n    count: {REPLICAS[environment]}\n"
    if kind == "web":
        patches += f"""  - target:
      kind: Ingress
    patch: |-
      - op: replace
        path: /spec/rules/0/host
        value: {name}.{environment}.example.com
"""
        if production:
            patches += "  - path: scaling.yaml\n"
            write(f"{here}/scaling.yaml", f"""apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {name}
spec:
  minReplicas: 3
  maxReplicas: {8 + position % 5}
""")
    if "credentials.yaml" in files:
        patches += f"""  - patch: |
      apiVersion: external-secrets.io/v1
      kind: ExternalSecret
      metadata:
        name: {name}-database
      spec:
        data:
          - secretKey: password
            remoteRef:
              key: {environment}/{name}
              property: password
"""
    if kind in ("web", "worker") and environment != "development":
        patches += "  - path: resources.yaml\n"
        write(f"{here}/resources.yaml", f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  template:
    spec:
      containers:
        - name: {name}
          resources:
            requests:
              cpu: {'250m' if production else '100m'}
            limits:
              memory: {'1Gi' if production else '512Mi'}
""")
    if patches:
        text += "patches:\n" + patches
    write(f"{here}/kustomization.yaml", text)


def components():
    write("components/hardened/kustomization.yaml", """apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target:
      kind: Deployment
    path: security.yaml
resources:
  - deny-all.yaml
""")
    write("components/hardened/security.yaml", """- op: add
  path: /spec/template/spec/securityContext
  value:
    runAsNonRoot: true
    seccompProfile:
      type: RuntimeDefault
- op: add
  path: /spec/template/spec/containers/0/securityContext
  value:
    allowPrivilegeEscalation: false
    capabilities:
      drop: [ALL]
""")
    write("components/hardened/deny-all.yaml", """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny-all
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: ingress-nginx
""")
    write("components/traced/kustomization.yaml", """apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target:
      kind: Deployment
    patch: |-
      - op: add
        path: /spec/template/metadata/annotations
        value:
          tracing.example.com/sample: "0.1"
""")


def argocd():
    here = "platform/argocd"
    elements = "".join(f"""                  - environment: {environment}
                    cluster: https://{environment}.example.com
""" for environment in ENVIRONMENTS)
    write(f"{here}/applicationsets/services.yaml", f"""apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: services
  namespace: argocd
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
    - matrix:
        generators:
          - git:
              repoURL: {REPO}
              revision: HEAD
              directories:
                - path: services/*
          - list:
              elements:
{elements}  template:
    metadata:
      name: '{{{{ .path.basename }}}}-{{{{ .environment }}}}'
      labels:
        environment: '{{{{ .environment }}}}'
    spec:
      project: '{{{{ .environment }}}}'
      source:
        repoURL: {REPO}
        targetRevision: HEAD
        path: '{{{{ .path.path }}}}/overlays/{{{{ .environment }}}}'
      destination:
        server: '{{{{ .cluster }}}}'
        namespace: '{{{{ .path.basename }}}}'
      syncPolicy:
        automated:
          prune: true
          selfHeal: true
        syncOptions:
          - CreateNamespace=true
        retry:
          limit: 3
          backoff: {{duration: 5s, factor: 2, maxDuration: 3m}}
      ignoreDifferences:
        - group: apps
          kind: Deployment
          jsonPointers:
            - /spec/replicas # the autoscaler's
""")
    for environment in ENVIRONMENTS:
        window = """  syncWindows:
    - kind: deny
      schedule: 0 17 * * 5 # Friday evening to Monday morning
      duration: 63h
      applications: ['*']
      manualSync: true
      timeZone: Europe/Berlin
""" if environment == "production" else ""
        write(f"{here}/projects/{environment}.yaml", f"""apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: {environment}
  namespace: argocd
spec:
  sourceRepos:
    - {REPO}
  destinations:
    - server: https://{environment}.example.com
      namespace: '*'
  clusterResourceWhitelist:
    - group: ''
      kind: Namespace
{window}""")
    write(f"{here}/argocd-cm.yaml", """apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
  labels:
    app.kubernetes.io/part-of: argocd
data:
  application.resourceTrackingMethod: annotation
  kustomize.buildOptions: --load-restrictor LoadRestrictionsRootOnly
  resource.customizations.ignoreDifferences.external-secrets.io_ExternalSecret: |
    jqPathExpressions:
      - .spec.data[].remoteRef.conversionStrategy
""")
    write(f"{here}/kustomization.yaml", """apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: argocd
resources:
  - applicationsets/services.yaml
  - argocd-cm.yaml
  - projects/development.yaml
  - projects/production.yaml
  - projects/staging.yaml
""")
    clusters = "".join(f"""  - name: {environment}
    server: https://{environment}.example.com
    live: ../live/{environment}
""" for environment in ENVIRONMENTS)
    write(".trueup/facts.yaml", f"""# What trueup cannot see in this repository.
repositories:
  {REPO}: .
clusters:
{clusters}""")


def repository():
    shutil.rmtree(ROOT, ignore_errors=True)
    for position, (name, kind, port) in enumerate(SERVICES):
        files = base(position, name, kind, port)
        for environment in ENVIRONMENTS:
            overlay(position, name, kind, files, environment)
    components()
    argocd()


# ---- the clusters -----------------------------------------------------------------------------------------------------------


def defaulted(item):
    """What an API server adds to an object of ours."""
    kind, spec = item["kind"], item.get("spec", {})
    if kind in ("Deployment", "StatefulSet", "Job", "CronJob"):
        pod = spec["jobTemplate"]["spec"]["template"]["spec"] if kind == "CronJob" else spec["template"]["spec"]
        pod.setdefault("restartPolicy", "Always")
        pod.setdefault("dnsPolicy", "ClusterFirst")
        pod.setdefault("schedulerName", "default-scheduler")
        pod.setdefault("terminationGracePeriodSeconds", 30)
        pod.setdefault("securityContext", {})
        if "serviceAccountName" in pod:
            pod["serviceAccount"] = pod["serviceAccountName"]
        for container in pod["containers"]:
            container.setdefault("imagePullPolicy", "IfNotPresent")
            container.setdefault("terminationMessagePath", "/dev/termination-log")
            container.setdefault("terminationMessagePolicy", "File")
            container.setdefault("resources", {})
            for port in container.get("ports", []):
                port.setdefault("protocol", "TCP")
            probe = container.get("readinessProbe")
            if probe:
                for key, value in (("failureThreshold", 3), ("successThreshold", 1), ("timeoutSeconds", 1)):
                    probe.setdefault(key, value)
                probe["httpGet"].setdefault("scheme", "HTTP")
    if kind == "Deployment":
        spec.setdefault("progressDeadlineSeconds", 600)
        spec.setdefault("revisionHistoryLimit", 10)
        spec.setdefault("strategy", {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}})
        replicas = spec["replicas"]
        item["status"] = {
            "observedGeneration": 1, "replicas": replicas, "updatedReplicas": replicas, "readyReplicas": replicas,
            "availableReplicas": replicas, "conditions": [{"type": "Available", "status": "True"}],
        }
    if kind == "StatefulSet":
        spec.setdefault("podManagementPolicy", "OrderedReady")
        spec.setdefault("revisionHistoryLimit", 10)
        spec.setdefault("updateStrategy", {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}})
        for claim in spec["volumeClaimTemplates"]:
            claim.setdefault("apiVersion", "v1")
            claim.setdefault("kind", "PersistentVolumeClaim")
            claim["spec"].setdefault("volumeMode", "Filesystem")
            claim["status"] = {"phase": "Pending"}
        replicas = spec["replicas"]
        item["status"] = {
            "observedGeneration": 1, "replicas": replicas, "readyReplicas": replicas, "currentReplicas": replicas,
            "updatedReplicas": replicas, "currentRevision": "a", "updateRevision": "a",
        }
    if kind == "CronJob":
        spec.setdefault("failedJobsHistoryLimit", 1)
        spec.setdefault("successfulJobsHistoryLimit", 3)
        spec.setdefault("suspend", False)
    if kind == "Service":
        spec.setdefault("type", "ClusterIP")
        spec.setdefault("sessionAffinity", "None")
        spec.setdefault("clusterIP", "10.0.0.1")
        spec.setdefault("ipFamilies", ["IPv4"])
        spec.setdefault("ipFamilyPolicy", "SingleStack")
        for port in spec["ports"]:
            port.setdefault("protocol", "TCP")
    if kind == "Ingress":
        item["status"] = {"loadBalancer": {"ingress": [{"ip": "192.0.2.10"}]}}
    if kind == "HorizontalPodAutoscaler":
        item["status"] = {"conditions": [{"type": "AbleToScale", "status": "True"}, {"type": "ScalingActive", "status": "True"}]}
    if kind == "ExternalSecret":
        spec.setdefault("target", {"creationPolicy": "Owner", "deletionPolicy": "Retain"})
        for entry in spec["data"]:
            entry["remoteRef"]["conversionStrategy"] = "Default"
        item["status"] = {"conditions": [{"type": "Ready", "status": "True", "message": "secret synced"}]}
    return item


def tracked(item, application, namespace):
    group = item["apiVersion"].rpartition("/")[0]
    metadata = item["metadata"]
    annotations = metadata.setdefault("annotations", {})
    tracking = f"{application}:{group}/{item['kind']}:{namespace}/{metadata['name']}"
    applied = json.dumps(item, sort_keys=True, separators=(",", ":"))
    annotations["argocd.argoproj.io/tracking-id"] = tracking
    annotations["kubectl.kubernetes.io/last-applied-configuration"] = applied + "\n"
    metadata["uid"] = f"{abs(int.from_bytes(tracking.encode()[-6:], 'big')):012x}"
    metadata["resourceVersion"] = "1000"
    metadata["creationTimestamp"] = "2026-01-15T09:00:00Z"
    return item


def find(items, kind, name):
    return next(item for item in items if item["kind"] == kind and item["metadata"]["name"].startswith(name))


def manager(item, name, fields, time="2026-03-02T14:11:09Z"):
    item["metadata"].setdefault("managedFields", []).append({
        "manager": name, "operation": "Update", "apiVersion": item["apiVersion"], "time": time,
        "fieldsType": "FieldsV1", "fieldsV1": fields,
    })


def drift(application, items):
    """The planted differences. Each is described in DRIFT.md."""
    if application == "payment-production":
        deployment = find(items, "Deployment", "payment")
        deployment["spec"]["replicas"] = 5
        manager(deployment, "kube-controller-manager", {"f:spec": {"f:replicas": {}}})
        legacy = json.loads(json.dumps(find(items, "Service", "payment")))
        legacy["metadata"] = {"name": "payment-legacy", "namespace": "payment", "labels": legacy["metadata"]["labels"]}
        items.append(tracked(legacy, application, "payment"))
    if application == "sessions-staging":
        sessions = find(items, "StatefulSet", "sessions")
        sessions["spec"]["replicas"] = 4
        manager(sessions, "kubectl", {"f:spec": {"f:replicas": {}}})
    if application == "checkout-production":
        container = find(items, "Deployment", "checkout")["spec"]["template"]["spec"]["containers"][0]
        container["image"] = container["image"].replace(":1.5.4", ":1.5.3")
    if application == "orders-staging":
        deployment = find(items, "Deployment", "orders")
        container = deployment["spec"]["template"]["spec"]["containers"][0]
        container["env"] = [{"name": "DEBUG_SQL", "value": "true"}]
        manager(deployment, "kubectl-edit", {"f:spec": {"f:template": {"f:spec": {"f:containers": {
            'k:{"name":"orders"}': {"f:env": {".": {}, 'k:{"name":"DEBUG_SQL"}': {".": {}, "f:name": {}, "f:value": {}}}}}}}}})
    if application == "search-production":
        items.remove(find(items, "PodDisruptionBudget", "search") if any(
            item["kind"] == "PodDisruptionBudget" for item in items) else find(items, "Service", "search"))
    if application == "coupons-staging":
        settings = find(items, "ConfigMap", "coupons-settings")
        old = settings["metadata"]["name"] = "coupons-settings-7f9k2m4t6b"
        settings["data"]["LOG_LEVEL"] = "info"
        tracked(settings, application, "coupons")
        container = find(items, "Deployment", "coupons")["spec"]["template"]["spec"]["containers"][0]
        container["envFrom"][0]["configMapRef"]["name"] = old
    if application == "gateway-development":
        find(items, "Service", "gateway")["spec"]["ports"][0]["port"] = 8080
    return items


def clusters(build):
    shutil.rmtree(LIVE, ignore_errors=True)
    for name, _, _ in SERVICES:
        for environment in ENVIRONMENTS:
            application = f"{name}-{environment}"
            directory = ROOT / f"services/{name}/overlays/{environment}"
            output = subprocess.run([*build.split(), "--format", "json", str(directory)], check=True, capture_output=True, text=True).stdout
            items = [item for item in json.loads(output)
                     if "argocd.argoproj.io/hook" not in item["metadata"].get("annotations", {})]
            items = [defaulted(tracked(item, application, name)) for item in items]
            items.append({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}, "status": {"phase": "Active"}})
            items = drift(application, items)
            document = {"apiVersion": "v1", "kind": "List", "items": items}
            file = LIVE / environment / f"{name}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    repository()
    if len(sys.argv) == 3 and sys.argv[1] == "--live":
        clusters(sys.argv[2])
