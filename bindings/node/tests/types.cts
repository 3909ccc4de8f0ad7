// `require` has the types of the package, too.
import trueup = require("trueup");

const manifests: trueup.Manifests = trueup.kustomize.buildSync(new trueup.Tree({}), "app");
const text: string = manifests.toYAML();
text satisfies string;
