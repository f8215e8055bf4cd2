import { PATH, SELECT, TOP } from "./query.js";

// Its bundle for browsers is a plain script, which leaves a global.
const script = document.createElement("script");
script.src = "/tests/bench/peers/javascript/node_modules/@microsoft/microsoft-graph-client/lib/graph-js-sdk.js";
await new Promise((resolve, reject) => {
  script.onload = resolve;
  script.onerror = reject;
  document.head.append(script);
});

/** Lists every agent user by Microsoft's JavaScript client and its PageIterator. */
export async function list(root, token) {
  const { Client, PageIterator } = globalThis.MicrosoftGraph;
  const client = Client.init({ baseUrl: root, defaultVersion: "v1.0", authProvider: (done) => done(null, token) });
  // Without TLS it sends no token by itself, and takes a link for a path.
  const headers = { Authorization: `Bearer ${token}` };
  const follower = { api: (link) => client.api(link.replace(`${root}/v1.0`, "")) };
  const first = await client.api(PATH).headers(headers).select(SELECT).top(TOP).get();
  let [count, characters] = [0, 0];
  const each = (user) => {
    count += 1;
    characters += user.userPrincipalName.length;
    return true;
  };
  await new PageIterator(follower, first, each, { headers }).iterate();
  return { count, characters };
}
