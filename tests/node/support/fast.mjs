// Modules that are imported after this one see a clock and timers that run a hundred times as fast.
const TIMES = 100;
const { performance, setTimeout: wait } = globalThis;
const now = performance.now.bind(performance);
const started = now();

performance.now = () => started + (now() - started) * TIMES;
globalThis.setTimeout = (callback, milliseconds, ...given) => wait(callback, milliseconds / TIMES, ...given);
