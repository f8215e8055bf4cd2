// Compiled with `moduleResolution: node10`, which reads no `exports`, and not run.
import { AgentUserClient, type AgentUser } from "agentuser";
import { derive } from "agentuser/all";
import { init } from "agentuser/init";
import { Simulator } from "agentuser/simulator";

export async function first(): Promise<AgentUser | undefined> {
  await init();
  const [user] = await new AgentUserClient(await Simulator.start()).list().toArray(1);
  return user?.displayName === derive("Zoe").mailNickname ? undefined : user;
}
