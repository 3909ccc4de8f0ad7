"use strict";

const { errors } = require("./lib/errors.js");
const classes = require("./lib/classes.js");
const operations = require("./lib/operations.js");

module.exports = { ...classes, ...errors, ...operations };
