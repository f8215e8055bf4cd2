import { Component, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { AgentUserClient } from "agentuser";

@Component({
  selector: "app-agents",
  template: `<ul id="agents">@for (name of names(); track name) {<li>{{ name }}</li>}</ul>`,
})
class Agents {
  readonly names = signal<string[]>([]);

  constructor() {
    const parameters = new URLSearchParams(location.hash.slice(1));
    const [graphEndpoint, token] = ["endpoint", "token"].map((name) => parameters.get(name) ?? "");
    void this.list(graphEndpoint!, token!).catch((error) => this.names.set([String(error)]));
  }

  private async list(graphEndpoint: string, token: string) {
    const client = new AgentUserClient({ graphEndpoint, getToken: () => token });
    const users = await client.list().toArray();
    await client.sponsors(users[0]?.id ?? "");
    this.names.set(users.map((user) => user.userPrincipalName ?? ""));
  }
}

await bootstrapApplication(Agents);
