# %% [markdown]
# # Drift audit
# What runs in three clusters, compared with what the repository declares. Run it as a script, or open it as a notebook
# (`# %%` cells are understood by Jupyter, VS Code and PyCharm).

# %%
from __future__ import annotations

from collections import Counter
from pathlib import Path

import trueup

EXAMPLES = Path(__file__).resolve().parents[1]
CLUSTERS = ["development", "staging", "production"]

# %% [markdown]
# The repository is a checkout; what runs is whatever `kubectl get -o yaml` wrote.

# %%
tree = trueup.Tree.from_dir(EXAMPLES / "platform-configs")
live = {name: trueup.manifests.read(trueup.Tree.from_dir(EXAMPLES / "live" / name)) for name in CLUSTERS}
report = trueup.preview(tree, live=live, name="platform-configs")
report  # in a notebook, a report shows itself

# %% [markdown]
# Who changed what?

# %%
by_manager: Counter[str] = Counter()
for application in report.applications:
    for resource in application["resources"]:
        for field in resource["fields"]:
            by_manager[field.get("manager", "unknown")] += 1
            print(f"{application['name']:24} {resource['kind']}/{resource['name']}  {field['path']}")
print(dict(by_manager))

# %% [markdown]
# What would a sync delete?

# %%
for application in report.applications:
    for step in application["plan"]:
        if step["deletes"]:
            print("deletes", step["kind"], step["name"], "of", application["name"])
