import type { AgentUserRow, Violation } from "agentuser";
import { usePackage } from "../connection/module.js";
import { useReading } from "./reading.js";

/** The rules of members, as one types. The domains of the tenant are compared once they are read, where that is allowed. */
export function useRules(): (member: keyof AgentUserRow, value: unknown) => readonly Violation[] {
  const { validateMember } = usePackage();
  const { value } = useReading("domains", (client, options) => client.verifiedDomains(options));
  return (member, typed) => validateMember(member, typed, { verifiedDomains: value?.verifiedDomains });
}
