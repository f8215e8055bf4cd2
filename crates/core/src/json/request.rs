//! Reading an operation's request.

use super::members::{Members, Request, whole};
use super::start::{ListFilter, OperationRequest};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Error, Map};

/// Every operation.
const OPERATIONS: &[&str] = &[
    "verifyParent",
    "known",
    "get",
    "findByParent",
    "list",
    "listDeleted",
    "create",
    "provision",
    "roster",
    "update",
    "delete",
    "restore",
    "purge",
    "manager",
    "setManager",
    "clearManager",
    "sponsors",
    "addSponsor",
    "removeSponsor",
    "skus",
    "changeLicenses",
    "waitReady",
];

impl<'de> Deserialize<'de> for OperationRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        whole(Map::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Request for ListFilter {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self {
            identity_parent_id: members.take("identityParentId")?,
            account_enabled: members.take("accountEnabled")?,
            display_name_starts_with: members.take("displayNameStartsWith")?,
            user_principal_name_starts_with: members.take("userPrincipalNameStartsWith")?,
        })
    }
}

impl Request for OperationRequest {
    fn read(members: &mut Members) -> Result<Self, Error> {
        let operation = members.tag("operation")?;
        Ok(match operation.as_str() {
            "verifyParent" => Self::VerifyParent { identity_parent_id: members.need("identityParentId")? },
            "known" => Self::TenantFacts {},
            "get" => Self::Get { user: members.need("user")? },
            "findByParent" => Self::FindByParent { identity_parent_id: members.need("identityParentId")? },
            "list" => Self::List {
                filter: members.object("filter")?.unwrap_or_default(),
                page_size: members.take("pageSize")?,
            },
            "listDeleted" => Self::ListDeleted {},
            "create" => Self::Create {
                agent_user: members.need("agentUser")?,
                domain: members.take("domain")?,
                readiness: members.take("readiness")?.unwrap_or_default(),
            },
            "provision" => Self::Provision {
                agent_user: members.need("agentUser")?,
                domain: members.take("domain")?,
                readiness: members.take("readiness")?.unwrap_or_default(),
                dry_run: members.flag("dryRun")?,
            },
            "roster" => Self::Roster {
                domain: members.take("domain")?,
                check_domains: members.take("checkDomains")?.unwrap_or(true),
                readiness: members.take("readiness")?.unwrap_or_default(),
                dry_run: members.flag("dryRun")?,
                rows: members.take("rows")?,
                shard: members.take("shard")?,
            },
            "update" => Self::Update {
                user: members.need("user")?,
                changes: members.need("changes")?,
                dry_run: members.flag("dryRun")?,
            },
            "delete" => Self::Delete { user: members.need("user")?, dry_run: members.flag("dryRun")? },
            "restore" => Self::Restore { id: members.need("id")?, dry_run: members.flag("dryRun")? },
            "purge" => Self::Purge { id: members.need("id")?, dry_run: members.flag("dryRun")? },
            "manager" => Self::Manager { user: members.need("user")? },
            "setManager" => Self::SetManager {
                user: members.need("user")?,
                manager: members.need("manager")?,
                dry_run: members.flag("dryRun")?,
            },
            "clearManager" => {
                Self::ClearManager { user: members.need("user")?, dry_run: members.flag("dryRun")? }
            }
            "sponsors" => Self::Sponsors { user: members.need("user")? },
            "addSponsor" => Self::AddSponsor {
                user: members.need("user")?,
                sponsor: members.need("sponsor")?,
                dry_run: members.flag("dryRun")?,
            },
            "removeSponsor" => Self::RemoveSponsor {
                user: members.need("user")?,
                sponsor: members.need("sponsor")?,
                dry_run: members.flag("dryRun")?,
            },
            "skus" => Self::Skus {},
            "changeLicenses" => Self::ChangeLicenses {
                user: members.need("user")?,
                add: members.take("add")?.unwrap_or_default(),
                remove: members.take("remove")?.unwrap_or_default(),
                dry_run: members.flag("dryRun")?,
            },
            "waitReady" => {
                Self::WaitReady { user: members.need("user")?, readiness: members.need("readiness")? }
            }
            _ => return Err(Error::unknown_variant(&operation, OPERATIONS)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<OperationRequest, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn members_have_their_defaults_and_nulls_are_absent() {
        let roster = read(r#"{"operation":"roster","domain":null,"rows":[5,2]}"#).unwrap();
        let OperationRequest::Roster { domain, check_domains, dry_run, rows, .. } = roster else { panic!() };
        assert_eq!((domain, check_domains, dry_run), (None, true, false));
        assert_eq!(rows.unwrap().into_iter().collect::<Vec<_>>(), [2, 5]);
        assert_eq!(read(r#"{"operation":"skus"}"#), Ok(OperationRequest::Skus {}));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |json| read(json).unwrap_err();
        assert!(
            wrong(r#"{"operation":"steal"}"#)
                .starts_with("unknown variant `steal`, expected one of `verifyParent`")
        );
        assert_eq!(wrong("{}"), "missing field `operation`");
        assert_eq!(wrong(r#"{"operation":"get"}"#), "missing field `user`");
        assert_eq!(
            wrong(r#"{"operation":"get","user":"a","force":1}"#),
            "unknown field `force`, expected `user`"
        );
        assert_eq!(wrong(r#"{"operation":"skus","force":1}"#), "unknown field `force`, there are no fields");
        assert_eq!(
            wrong(r#"{"operation":"delete","user":"a","rows":[1]}"#),
            "unknown field `rows`, expected one of `user`, `dryRun`"
        );
        assert!(wrong(r#"{"operation":"get","user":7}"#).starts_with("user: invalid type: integer `7`"));
        assert!(
            wrong(r#"{"operation":"delete","user":"a","dryRun":"yes"}"#).starts_with("dryRun: invalid type")
        );
    }

    #[test]
    fn every_operation_is_read() {
        for operation in OPERATIONS {
            let error = read(&format!(r#"{{"operation":"{operation}","no such":1}}"#)).unwrap_err();
            assert!(!error.starts_with("unknown variant"), "{operation}: {error}");
        }
    }
}
