// Promises that are drawn. React draws what suspends anew, so that each is kept until it is forgotten: also one that failed,
// which would be asked for without end otherwise.

const promises = new WeakMap<object, Map<string, Promise<unknown>>>();

/** Forget what has failed. */
const failed = new Set<() => void>();

/** The promise of this name, of a connection or of something else, which is made at most once. */
export function keep<Result>(of: object, name: string, make: () => Promise<Result>): Promise<Result> {
  const kept = promises.get(of) ?? new Map<string, Promise<unknown>>();
  promises.set(of, kept);
  const former = kept.get(name);
  if (former !== undefined) return former as Promise<Result>;
  const promise = make();
  kept.set(name, promise);
  promise.catch(() => failed.add(() => kept.get(name) === promise && kept.delete(name)));
  return promise;
}

/** Drops what has failed, so that it is tried again when it is drawn. */
export function dropFailed(): void {
  for (const forget of failed) forget();
  failed.clear();
}
