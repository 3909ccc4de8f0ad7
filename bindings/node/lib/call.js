"use strict";
// How operations are called: on this thread, or on another with a promise.

const native = require("./native.js");
const { unwrap } = require("./errors.js");

/** Keeps what a user's callback throws: the call is stopped, and then throws that. */
class Listener {
  #thrown = undefined;
  #callback;
  #cancel;

  constructor(callback, cancel) {
    if (typeof callback !== "function") throw new TypeError("onProgress must be a function");
    this.#callback = callback;
    this.#cancel = cancel;
  }

  tell = (phase, done, total, subject) => {
    if (this.#thrown !== undefined) return;
    try {
      this.#callback({ phase, done, total, subject });
    } catch (error) {
      this.#thrown = { error };
      this.#cancel.cancel();
    }
  };

  rethrow() {
    if (this.#thrown !== undefined) throw this.#thrown.error;
  }
}

/** What a call is given besides its request. */
class Control {
  cancel = undefined;
  listener = undefined;
  signal = undefined;

  constructor({ signal, onProgress, budget }) {
    if (signal === undefined && onProgress === undefined && budget === undefined) return;
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw new TypeError("signal must be an AbortSignal");
    if (budget !== undefined && !(budget >= 0)) throw new TypeError("budget must be a number of steps");
    this.signal = signal;
    this.cancel = new native.Cancel(budget);
    if (signal?.aborted) this.cancel.cancel();
    if (onProgress !== undefined) this.listener = new Listener(onProgress, this.cancel);
  }

  finish(answer) {
    this.listener?.rethrow();
    return unwrap(answer, this.signal?.aborted ? this.signal.reason : undefined);
  }
}

const NOTHING = Object.freeze({});

function callSync(name, request, options = NOTHING) {
  const control = new Control(options);
  return control.finish(native.callSync(name, request, control.cancel, control.listener?.tell));
}

async function call(name, request, options = NOTHING) {
  const control = new Control(options);
  const { signal, cancel } = control;
  const stop = () => cancel.cancel();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return control.finish(await native.callLater(name, request, cancel, control.listener?.tell));
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** Takes the options of a call apart: what the request gets, and what the call itself. */
function split(options, request) {
  if (options === undefined) return NOTHING;
  if (options === null || typeof options !== "object") throw new TypeError("options must be an object");
  const { signal, onProgress, budget, ...fields } = options;
  for (const [key, value] of Object.entries(fields)) {
    Object.defineProperty(request, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return { signal, onProgress, budget };
}

module.exports = { call, callSync, split };
