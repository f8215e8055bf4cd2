export { AgentUserClient } from "./client.js";
export type {
  ApplyPlanOptions,
  AuditOptions,
  BlueprintOptions,
  ChangeOptions,
  ClientOptions,
  Consent,
  ContainOptions,
  ContainPlanOptions,
  ContainTarget,
  CreateOptions,
  DoctorOptions,
  HandoverOptions,
  IdentityQuery,
  InheritOptions,
  Leaver,
  LicenseChange,
  ListQuery,
  ManyOptions,
  NeededForOptions,
  PermissionHolder,
  PermissionOptions,
  PlanOptions,
  ProvisionOptions,
  ReadOptions,
  RestoreOptions,
  RetireOptions,
  RosterOptions,
  RosterPlanOptions,
  StartOptions,
  UndoOptions,
} from "./client.js";
export type { Bytes, BytesAtHand, RosterAtHand, RosterSource } from "./bytes.js";
export { AgentUserError, type WorkDone } from "./error.js";
export { GraphList, OperationRun } from "./lists.js";
export { accessPolicies, derive, explain, explainCode, renderAgentUsers, renderFindings, validate, validateMember, validateRoster } from "./offline.js";
export type {
  AgentUserReportOptions,
  DeriveOptions,
  FindingsReportOptions,
  GraphAnswer,
  PolicyOptions,
  ReportHead,
  RosterValidateOptions,
  TenantOptions,
  ValidateOptions,
} from "./offline.js";
export type { CallOptions } from "./options.js";
export type { AccessToken, DatedToken, GetToken, TokenRequest } from "./tokens.js";
export type { Fetch } from "./transport.js";
export type * from "./types.js";
