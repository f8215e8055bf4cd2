/** The list that the package asks for. */
export const PATH = "/users/microsoft.graph.agentUser";
export const SELECT =
  "id,userPrincipalName,displayName,mailNickname,identityParentId,accountEnabled,usageLocation,userType,mail," +
  "createdDateTime,jobTitle,department,assignedLicenses";
export const TOP = 999;
