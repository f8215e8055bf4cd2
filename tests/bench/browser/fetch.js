import { PATH, SELECT, TOP } from "./query.js";

/** Lists every agent user by `fetch` and the platform's reader of JSON, and nothing else. */
export async function list(root, token) {
  const headers = { Authorization: `Bearer ${token}` };
  let [count, characters] = [0, 0];
  let url = `${root}/v1.0${PATH}?$select=${SELECT}&$top=${TOP}`;
  while (url !== undefined) {
    const page = await (await fetch(url, { headers })).json();
    for (const user of page.value) {
      count += 1;
      characters += user.userPrincipalName.length;
    }
    url = page["@odata.nextLink"];
  }
  return { count, characters };
}
