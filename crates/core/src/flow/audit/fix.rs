//! The fix of a finding: a command, and where a plan can make it, the change.

use super::snapshot::{DeletedUser, User};
use crate::ObjectId;
use crate::model::{Change, Member};
use crate::plan::Expected;
use serde_json::Value;

/// The fix of a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// The command.
    pub command: String,
    /// The changes, where a plan can make them.
    pub planned: Option<Box<PlannedFix>>,
}

/// The changes of a fix, and the agent user that they are made to.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedFix {
    pub(super) id: ObjectId,
    pub(super) user_principal_name: String,
    pub(super) changes: Vec<Change>,
    pub(super) expects: Expected,
}

impl Fix {
    /// A command with something in it that only people know.
    pub(super) const fn command(command: String) -> Self {
        Self { command, planned: None }
    }

    fn of(user: &User, command: String, changes: Vec<Change>, account_enabled: Option<bool>) -> Self {
        let expects =
            Expected { identity_parent_id: user.identity_parent_id, account_enabled, ..Expected::default() };
        let planned = PlannedFix { id: user.id, user_principal_name: user.name(), changes, expects };
        Self { command, planned: Some(Box::new(planned)) }
    }

    /// It is kept from signing in.
    pub(super) fn disable(user: &User) -> Self {
        let change = Change::Set {
            member: Member::AccountEnabled.into(),
            from: Value::from(user.account_enabled),
            to: Value::Bool(false),
        };
        Self::of(user, format!("agentuser disable {}", user.name()), vec![change], None)
    }

    /// It is moved to the recycle bin.
    pub(super) fn delete(user: &User) -> Self {
        let command = format!("agentuser delete {} --yes", user.name());
        Self::of(user, command, vec![Change::Delete], user.account_enabled)
    }

    /// Its direct licenses are taken. Without any, the groups that assign them are looked at.
    pub(super) fn remove_licenses(user: &User, direct: &[String]) -> Self {
        if direct.is_empty() {
            return Self::command(format!("agentuser license list {}", user.name()));
        }
        let changes = direct.iter().map(|sku| Change::RemoveLicense { sku: sku.clone() }).collect();
        let command = format!("agentuser license remove {} {}", user.name(), direct.join(" "));
        Self::of(user, command, changes, user.account_enabled)
    }

    /// Its parent is attested.
    pub(super) fn attest(user: &User, parent: ObjectId) -> Self {
        Self::of(user, format!("agentuser attest {parent}"), vec![Change::Attest], user.account_enabled)
    }

    /// It is brought back.
    pub(super) fn restore(user: &DeletedUser) -> Self {
        let name = user.name();
        let expects = Expected {
            deleted_date_time: user.deleted_date_time.clone().map(String::from),
            ..Expected::default()
        };
        let command = format!("agentuser restore {}", user.id);
        let planned =
            PlannedFix { id: user.id, user_principal_name: name, changes: vec![Change::Restore], expects };
        Self { command, planned: Some(Box::new(planned)) }
    }
}
