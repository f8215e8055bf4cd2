import type { DigestMessage, KeptMessage } from "./messages.js";

/** A user of a page, as Graph sent it. */
type User = Record<string, unknown>;

/**
 * Pages of a list, whose users stay here: the core is handed what it decides by, and tells which users the list yields. The platform parses
 * a page in less time than it takes to bring its text into WebAssembly and out of it.
 */
export class KeptPages {
  readonly #users = new Map<number, (User | null)[]>();
  #last = 0;

  /** The body to hand over in place of a page: the same with a digest of its users. A body that is not JSON stays as it is. */
  digest(body: Uint8Array, columns: readonly string[]): Uint8Array {
    let page: { readonly value?: unknown } | null;
    try {
      // As strict as the core: what is not UTF-8, or begins with a mark, is not JSON.
      page = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
    } catch {
      return body;
    }
    return new TextEncoder().encode(JSON.stringify({ ...page, value: this.#keep(page?.value, columns) }));
  }

  /** The users that the list yields. */
  take({ page, rows, names }: KeptMessage): User[] {
    const users = this.#users.get(page) as User[];
    this.#users.delete(page);
    for (const [row, name] of names) (users[row] as User).userPrincipalName = name;
    return rows?.map((row) => users[row] as User) ?? users;
  }

  /** The digest of the users; null where they are none. */
  #keep(users: unknown, columns: readonly string[]): DigestMessage | null {
    if (!areUsers(users)) return null;
    const page = ++this.#last;
    this.#users.set(page, users);
    // A list takes its pages one by one, and reads one more while the one before waits to be taken.
    this.#users.delete(page - 2);
    return { page, count: users.length, columns: columns.map((name) => columnOf(users, name)), others: namesOfOthers(users) };
  }
}

/** Whether it is an array of objects and nulls. */
function areUsers(value: unknown): value is (User | null)[] {
  return Array.isArray(value) && value.every((user) => typeof user === "object" && !Array.isArray(user));
}

/** The values of a member, with a comma between two; one value where all are the same. */
function columnOf(users: readonly (User | null)[], name: string): string {
  const values = users.map((user) => user?.[name] ?? "");
  const [first = ""] = values;
  const areAlike = values.every((value) => value === first) && !String(first).includes(",");
  return areAlike ? String(first) : values.join();
}

/** The names of the members that are neither text nor null in any user. */
function namesOfOthers(users: readonly (User | null)[]): string[] {
  const others: string[] = [];
  for (const user of users) {
    for (const name in user) {
      const value = user[name];
      if (typeof value !== "string" && value !== null && !others.includes(name)) others.push(name);
    }
  }
  return others;
}
