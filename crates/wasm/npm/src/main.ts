export { AgentUserClient } from "./client.js";
export type {
  ApplyPlanOptions,
  BlueprintOptions,
  ChangeOptions,
  ClientOptions,
  ContainOptions,
  ContainPlanOptions,
  ContainTarget,
  CreateOptions,
  HandoverOptions,
  IdentityQuery,
  Leaver,
  ListQuery,
  PlanOptions,
  ProvisionOptions,
  ReadOptions,
  RestoreOptions,
  RetireOptions,
  RosterOptions,
  RosterPlanOptions,
  UndoOptions,
} from "./client.js";
export type { Bytes, RosterSource } from "./bytes.js";
export { AgentUserError, type WorkDone } from "./error.js";
export { GraphList, OperationRun } from "./lists.js";
export { derive, explain, explainCode, renderAgentUsers, renderFindings, validate, validateMember, validateRoster } from "./offline.js";
export type {
  AgentUserReportOptions,
  FindingsReportOptions,
  GraphAnswer,
  ReportHead,
  RosterValidateOptions,
  TenantOptions,
  ValidateOptions,
} from "./offline.js";
export type { CallOptions } from "./options.js";
export type { AccessToken, GetToken, TokenRequest } from "./tokens.js";
export type { Fetch } from "./transport.js";
export type * from "./types.js";
