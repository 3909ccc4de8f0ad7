"use strict";
// Finds the addon: beside this package if it was built here, else in the package of the platform.

const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { platform } = require("./platform.js");

function load() {
  const name = platform();
  const local = join(__dirname, "..", `trueup.${name}.node`);
  if (existsSync(local)) return require(local);
  try {
    return require(`@trueup/${name}`);
  } catch (cause) {
    throw new Error(`trueup has no build for ${name}, or its optional dependency @trueup/${name} is not installed`, { cause });
  }
}

module.exports = load();
