// Lists every agent user by Microsoft's JavaScript client and its PageIterator: node list.mjs ENDPOINT
import { Client, PageIterator } from "@microsoft/microsoft-graph-client";

const root = process.argv[2];
const client = Client.init({ baseUrl: root, defaultVersion: "v1.0", authProvider: (done) => done(null, "token") });
// A link that begins with http:// the client takes for a path, so it is given the path.
const follower = { api: (link) => client.api(link.replace(`${root}/v1.0`, "")) };
const first = await client
  .api("/users/microsoft.graph.agentUser")
  .select(
    "id,userPrincipalName,displayName,mailNickname,identityParentId,accountEnabled,usageLocation,userType,mail," +
      "createdDateTime,jobTitle,department,assignedLicenses",
  )
  .top(999)
  .get();
let count = 0;
let characters = 0;
const iterator = new PageIterator(follower, first, (user) => {
  count += 1;
  characters += user.userPrincipalName.length;
  return true;
});
await iterator.iterate();
console.log(`${count} agent users, ${characters} characters`);
