//! Reading an operation's request, member by member.

use super::start::OperationRequest;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::{Error, Map, Value};

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
        let mut members = Members { left: Map::deserialize(deserializer)?, asked: Vec::new() };
        let request = read(&mut members).map_err(D::Error::custom)?;
        match members.left.keys().next() {
            None => Ok(request),
            Some(name) => Err(D::Error::custom(members.unknown(name))),
        }
    }
}

fn read(members: &mut Members) -> Result<OperationRequest, Error> {
    let operation: String = members.need("operation")?;
    members.asked.clear();
    Ok(match operation.as_str() {
        "verifyParent" => {
            OperationRequest::VerifyParent { identity_parent_id: members.need("identityParentId")? }
        }
        "known" => OperationRequest::Known {},
        "get" => OperationRequest::Get { user: members.need("user")? },
        "findByParent" => {
            OperationRequest::FindByParent { identity_parent_id: members.need("identityParentId")? }
        }
        "list" => OperationRequest::List {
            filter: members.take("filter")?.unwrap_or_default(),
            page_size: members.take("pageSize")?,
        },
        "listDeleted" => OperationRequest::ListDeleted {},
        "create" => OperationRequest::Create {
            agent_user: members.need("agentUser")?,
            domain: members.take("domain")?,
            readiness: members.take("readiness")?.unwrap_or_default(),
        },
        "provision" => OperationRequest::Provision {
            agent_user: members.need("agentUser")?,
            domain: members.take("domain")?,
            readiness: members.take("readiness")?.unwrap_or_default(),
            dry_run: members.take("dryRun")?.unwrap_or_default(),
        },
        "roster" => OperationRequest::Roster {
            domain: members.take("domain")?,
            check_domains: members.take("checkDomains")?.unwrap_or(true),
            readiness: members.take("readiness")?.unwrap_or_default(),
            dry_run: members.take("dryRun")?.unwrap_or_default(),
            rows: members.take("rows")?,
            shard: members.take("shard")?,
        },
        "update" => OperationRequest::Update {
            user: members.need("user")?,
            changes: members.need("changes")?,
            dry_run: members.take("dryRun")?.unwrap_or_default(),
        },
        "delete" => OperationRequest::Delete {
            user: members.need("user")?,
            dry_run: members.take("dryRun")?.unwrap_or_default(),
        },
        "restore" => OperationRequest::Restore {
            id: members.need("id")?,
            dry_run: members.take("dryRun")?.unwrap_or_default(),
        },
        "purge" => OperationRequest::Purge {
            id: members.need("id")?,
            dry_run: members.take("dryRun")?.unwrap_or_default(),
        },
        "manager" => OperationRequest::Manager { user: members.need("user")? },
        "setManager" => OperationRequest::SetManager {
            user: members.need("user")?,
            manager: members.need("manager")?,
            dry_run: members.take("dryRun")?.unwrap_or_default(),
        },
        "clearManager" => OperationRequest::ClearManager {
            user: members.need("user")?,
            dry_run: members.take("dryRun")?.unwrap_or_default(),
        },
        "sponsors" => OperationRequest::Sponsors { user: members.need("user")? },
        "addSponsor" => OperationRequest::AddSponsor {
            user: members.need("user")?,
            sponsor: members.need("sponsor")?,
            dry_run: members.take("dryRun")?.unwrap_or_default(),
        },
        "removeSponsor" => OperationRequest::RemoveSponsor {
            user: members.need("user")?,
            sponsor: members.need("sponsor")?,
            dry_run: members.take("dryRun")?.unwrap_or_default(),
        },
        "skus" => OperationRequest::Skus {},
        "changeLicenses" => OperationRequest::ChangeLicenses {
            user: members.need("user")?,
            add: members.take("add")?.unwrap_or_default(),
            remove: members.take("remove")?.unwrap_or_default(),
            dry_run: members.take("dryRun")?.unwrap_or_default(),
        },
        "waitReady" => {
            OperationRequest::WaitReady { user: members.need("user")?, readiness: members.need("readiness")? }
        }
        _ => return Err(Error::unknown_variant(&operation, OPERATIONS)),
    })
}

/// The members that were not taken yet.
struct Members {
    left: Map<String, Value>,
    /// The names that were asked for.
    asked: Vec<&'static str>,
}

impl Members {
    /// A member that may be absent. A null is taken for that where the type has no null.
    fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, Error> {
        self.asked.push(name);
        match self.left.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => serde_json::from_value(value)
                .map(Some)
                .map_err(|error| Error::custom(format_args!("{name}: {error}"))),
        }
    }

    fn need<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, Error> {
        self.take(name)?.ok_or_else(|| Error::missing_field(name))
    }

    fn unknown(&self, name: &str) -> String {
        let names: Vec<String> = self.asked.iter().map(|name| format!("`{name}`")).collect();
        match names.as_slice() {
            [] => format!("unknown field `{name}`, there are no fields"),
            [one] => format!("unknown field `{name}`, expected {one}"),
            many => format!("unknown field `{name}`, expected one of {}", many.join(", ")),
        }
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
