export const log = {
  debug: (...parts: unknown[]): void => {
    if (globalThis.DEBUG) console.debug(...parts);
  },
};

declare global {
  var DEBUG: boolean | undefined;
}
