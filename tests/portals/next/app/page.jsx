// A page of the browser, which the build prerenders.
"use client";
import { useEffect, useState } from "react";
import { AgentUserClient, derive } from "agentuser/all";

export default function Page() {
  const [names, setNames] = useState([]);
  useEffect(() => {
    const { endpoint, token } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    const client = new AgentUserClient({ graphEndpoint: endpoint, getToken: () => token });
    client.list().toArray().then((users) => setNames(users.map((user) => user.userPrincipalName)), (error) => setNames([String(error)]));
  }, []);
  return (
    <main>
      <p>{derive("Zoë").mailNickname}</p>
      <ul id="agents">{names.map((name) => <li key={name}>{name}</li>)}</ul>
    </main>
  );
}
