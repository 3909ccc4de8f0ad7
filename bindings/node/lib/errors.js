"use strict";
// The errors of trueup. Which class an error has is decided in Rust; see `Class` in crates/trueup/src/api/error.rs.

const { Failure } = require("./native.js");

class TrueupError extends Error {
  #record;
  #utf16;

  constructor(record, utf16Spans = [], options = undefined) {
    super(record.message, options);
    this.#record = record;
    this.#utf16 = utf16Spans;
  }

  get name() {
    return this.constructor.name;
  }

  get code() {
    return this.#record.code;
  }

  get help() {
    return this.#record.help;
  }

  get file() {
    return this.#record.file;
  }

  get line() {
    return this.#record.line;
  }

  get column() {
    return this.#record.column;
  }

  get spans() {
    return this.#record.spans;
  }

  get utf16Spans() {
    return this.#utf16;
  }

  get related() {
    return this.#record.notes;
  }

  get diagnostics() {
    return this.#record.diagnostics;
  }

  get missing() {
    return this.#record.missing;
  }

  toJSON() {
    return this.#record;
  }

  toString() {
    const place = [this.file, this.line, this.column].filter((part) => part !== null).join(":");
    return place ? `${this.name}: ${place}: ${this.message}` : `${this.name}: ${this.message}`;
  }
}

class RequestError extends TrueupError {}
class ParseError extends TrueupError {}
class RenderError extends TrueupError {}
class LimitError extends TrueupError {}
class UnsupportedError extends TrueupError {}
class MissingError extends TrueupError {}
class Cancelled extends TrueupError {}
class InternalError extends TrueupError {}

const errors = {
  TrueupError,
  RequestError,
  ParseError,
  RenderError,
  LimitError,
  UnsupportedError,
  MissingError,
  Cancelled,
  InternalError,
};

/** Returns an answer, or throws what came instead of one. */
function unwrap(answer, cause = undefined) {
  if (!(answer instanceof Failure)) return answer;
  const { record, utf16Spans } = answer;
  const Class = errors[record.class] ?? TrueupError;
  throw new Class(record, utf16Spans, cause === undefined ? undefined : { cause });
}

module.exports = { errors, unwrap };
