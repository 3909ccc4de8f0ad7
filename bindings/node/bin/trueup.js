#!/usr/bin/env node
"use strict";
// The same program as the one that cargo builds.

const { isatty } = require("node:tty");
const native = require("../lib/native.js");

process.exitCode = native.runCommandLine(["trueup", ...process.argv.slice(2)], isatty(1), isatty(2));
