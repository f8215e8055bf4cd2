export { AgentUserClient } from "./client.js";
export type {
  ChangeOptions,
  ClientOptions,
  CreateOptions,
  ListQuery,
  ProvisionOptions,
  RosterOptions,
} from "./client.js";
export type { Bytes } from "./bytes.js";
export { AgentUserError, type Done } from "./error.js";
export { AgentUsers, OperationRun } from "./lists.js";
export { derive, explain, validate, validateMember, validateRoster } from "./pure.js";
export type { GraphAnswer, TenantOptions, ValidateOptions } from "./pure.js";
export type { CallOptions } from "./options.js";
export type { AccessToken, GetToken, TokenRequest } from "./tokens.js";
export type { Fetch } from "./transport.js";
export type * from "./types.js";
