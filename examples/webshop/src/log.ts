// The shop's logger. The page loads it first, so `log.debug(…)` can be written anywhere, without an import.
const logger = {
  debug: (...parts: unknown[]): void => {
    if (globalThis.DEBUG) console.debug(...parts);
  },
};

declare global {
  var DEBUG: boolean | undefined;
  var log: typeof logger;
}

globalThis.log = logger;

export {};
