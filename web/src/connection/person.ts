// The person of a connection, who is needed while Microsoft Entra gives no token without a window.
import { strings } from "../strings/index.js";

/** One that waits for the person. */
interface Waiter {
  /** Opens the window of the sign-in. Its failure counts while `isLast` holds: a later window ends an earlier one. */
  interact(isLast: () => boolean): Promise<void>;
  /** Tries without a window, after another one has asked. */
  again(): void;
  leave(): void;
}

/** How a token is got: by a window, which needs a click, or without one. */
export interface Ways<Result> {
  readonly interact: () => Promise<Result>;
  readonly again: () => Promise<Result>;
}

export class Person {
  readonly #waiters = new Set<Waiter>();
  readonly #listeners = new Set<() => void>();
  #hasLeft = false;
  #windows = 0;

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  readonly isWanted = (): boolean => this.#waiters.size > 0;

  /** Waits for a click: the browser would block the window of the sign-in otherwise. */
  want<Result>({ interact, again }: Ways<Result>, signal: AbortSignal): Promise<Result> {
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#waiters.delete(waiter);
        signal.removeEventListener("abort", abort);
        this.#tell();
      };
      const abort = () => {
        end();
        reject(signal.reason);
      };
      const waiter: Waiter = {
        interact: async (isLast) => {
          try {
            resolve(await interact());
            end();
          } catch (error) {
            if (!isLast()) return;
            reject(error);
            end();
          }
        },
        again: () => {
          end();
          again().then(resolve, reject);
        },
        leave: () => {
          end();
          reject(new Error(strings.connection.gave));
        },
      };
      if (signal.aborted) reject(signal.reason);
      else if (this.#hasLeft) reject(new Error(strings.connection.gave));
      else {
        signal.addEventListener("abort", abort);
        this.#waiters.add(waiter);
        this.#tell();
      }
    });
  }

  /**
   * The person has clicked: the first that waits opens the window, and all others go on after it. Another click opens another
   * window, because nothing tells that the first one was closed.
   */
  readonly come = async (): Promise<void> => {
    const [first] = this.#waiters;
    const window = ++this.#windows;
    const isLast = () => window === this.#windows;
    await first?.interact(isLast);
    if (isLast()) for (const waiter of [...this.#waiters]) waiter.again();
  };

  /** The person has signed out: whatever waits has failed. */
  leave(): void {
    this.#hasLeft = true;
    for (const waiter of [...this.#waiters]) waiter.leave();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
