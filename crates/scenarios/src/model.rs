//! The ends that a row may have, by the state of the tenant. The library is not asked.

use crate::mutation::is_live;
use agentuser_core::ObjectId;
use agentuser_core::model::{DesiredUser, Member, MemberName, SkuRef, SponsorRef, UserRef, WantedLicense};
use agentuser_core::problem::Code;
use agentuser_simulator::{Directory, PrincipalKind, Sku, User};
use serde_json::Value;
use std::collections::BTreeMap;

/// The problems that keep a row from success.
#[derive(Debug, Clone, Default)]
pub(crate) struct Blockers {
    /// With any of these the row can't succeed, and it ends with one of them.
    pub(crate) must: Vec<Code>,
    /// It may end with one of these, or succeed: that depends on what else happens.
    pub(crate) may: Vec<Code>,
}

impl Blockers {
    /// Whether a row may end so.
    pub(crate) fn allow(&self, code: Option<Code>) -> bool {
        match code {
            None => self.must.is_empty(),
            Some(code) => self.must.contains(&code) || self.may.contains(&code),
        }
    }
}

/// The problems that keep each of these rows from success.
pub(crate) fn blockers(rows: &[&DesiredUser], directory: &Directory) -> Vec<Blockers> {
    let model = Model { rows, directory, demand: demand(rows, directory) };
    let own: Vec<Blockers> = rows.iter().map(|row| model.row(row)).collect();
    let mut all = own.clone();
    for (row, blockers) in rows.iter().zip(&mut all) {
        // A problem that ends a row before its user exists also ends the rows that it manages.
        let Some(manager) = model.manager_row(row).and_then(|place| own.get(place)) else { continue };
        if !manager.must.is_empty() {
            blockers.must.push(Code::ManagerRowFailed);
        } else if !manager.may.is_empty() {
            blockers.may.push(Code::ManagerRowFailed);
        }
    }
    all
}

struct Model<'a> {
    rows: &'a [&'a DesiredUser],
    directory: &'a Directory,
    demand: BTreeMap<ObjectId, u32>,
}

impl Model<'_> {
    fn manager_row(&self, row: &DesiredUser) -> Option<usize> {
        let Some(UserRef::Upn(upn)) = row.manager() else { return None };
        let is_it = |other: &&DesiredUser| {
            other.agent_user().user_principal_name().as_str().eq_ignore_ascii_case(upn.as_str())
        };
        self.rows.iter().position(is_it)
    }

    fn row(&self, row: &DesiredUser) -> Blockers {
        let parent = row.identity_parent_id();
        let mut blockers = Blockers::default();
        blockers.must.extend(self.parent(parent));
        let child = self.directory.children_of(parent).next();
        let named = row.declared().get(Member::UserPrincipalName).is_some();
        let upn = row.agent_user().user_principal_name().as_str();
        if blockers.must.is_empty()
            && child.is_some_and(|child| named && !child.user_principal_name.eq_ignore_ascii_case(upn))
        {
            blockers.must.push(Code::ParentHasAnotherUser);
        }
        // Problems of the references are named beside a problem of the parent.
        let ends_at_parent = !blockers.must.is_empty();
        self.references(row, &mut blockers);
        if ends_at_parent {
            return blockers;
        }
        if child.is_none() {
            self.create(row, parent, &mut blockers);
        }
        self.licenses(row, child, &mut blockers);
        blockers
    }

    fn references(&self, row: &DesiredUser, blockers: &mut Blockers) {
        if row.manager().is_some_and(|manager| self.manager_row(row).is_none() && !self.is_there(manager)) {
            blockers.must.push(Code::ManagerNotFound);
        }
        let missing =
            |sponsor: &SponsorRef| matches!(sponsor, SponsorRef::User(user) if !self.is_there(user));
        if row.sponsors().iter().any(missing) {
            blockers.must.push(Code::SponsorNotFound);
        }
    }

    fn parent(&self, id: ObjectId) -> Option<Code> {
        let Some(parent) = self.directory.find_principal(id).filter(|parent| parent.life.is_live()) else {
            let of_app = self.directory.agent_identities().any(|other| other.app_id == id);
            return Some(if of_app { Code::ParentIsAppId } else { Code::ParentNotFound });
        };
        match parent.kind {
            PrincipalKind::BlueprintPrincipal => Some(Code::ParentIsBlueprintPrincipal),
            PrincipalKind::Plain => Some(Code::ParentIsServicePrincipal),
            PrincipalKind::AgentIdentity(_) if parent.disabled_by_microsoft => {
                Some(Code::ParentDisabledByMicrosoft)
            }
            PrincipalKind::AgentIdentity(_) if !parent.account_enabled => Some(Code::ParentDisabled),
            PrincipalKind::AgentIdentity(_) => None,
        }
    }

    /// Problems from users that hold the parent or the names of a row without an agent user.
    fn create(&self, row: &DesiredUser, parent: ObjectId, blockers: &mut Blockers) {
        let switches = self.directory.switches();
        let upn = row.agent_user().user_principal_name().as_str();
        let nickname = row.agent_user().mail_nickname().as_str();
        let named = row.declared().get(Member::UserPrincipalName).is_some();
        let is_named = |user: &User| user.user_principal_name.eq_ignore_ascii_case(upn);
        let mut live = self.directory.all_users().filter(|user| user.life.is_live());
        let held_nickname = switches.unique_mail_nickname
            && live.any(|user| user.mail_nickname.eq_ignore_ascii_case(nickname));
        let held_upn = self.directory.all_users().any(|user| user.life.is_live() && is_named(user));
        let bin = || self.directory.deleted_users();
        let in_bin = |user: &User| user.parent == Some(parent) || is_named(user);
        let held_by_deleted = switches.deleted_holds_parent && bin().any(|user| user.parent == Some(parent))
            || switches.deleted_holds_upn && named && bin().any(is_named);
        // The problem names the deleted user that is found first.
        let deleted = |codes: &mut Vec<Code>| {
            for user in bin().filter(|user| in_bin(user)) {
                codes.push(if user.parent == Some(parent) {
                    Code::ParentHeldByDeletedUser
                } else {
                    Code::UpnHeldByDeletedUser
                });
            }
        };
        if held_upn && named {
            blockers.must.push(Code::UpnTaken);
        }
        if held_by_deleted {
            deleted(&mut blockers.must);
        } else if switches.deleted_holds_upn {
            // A derived name has alternatives, unless the parent's own agent user holds it.
            let own = |user: &User| user.parent == Some(parent);
            if !held_upn && bin().any(|user| own(user) && is_named(user)) {
                blockers.must.push(Code::ParentHeldByDeletedUser);
            } else if bin().any(own) {
                blockers.may.push(Code::ParentHeldByDeletedUser);
            }
        }
        if held_nickname {
            // A derived name has alternatives, with nicknames of their own.
            let codes = if named { &mut blockers.must } else { &mut blockers.may };
            codes.push(Code::MailNicknameTaken);
            deleted(codes);
        }
    }

    fn licenses(&self, row: &DesiredUser, child: Option<&User>, blockers: &mut Blockers) {
        let mut missing = false;
        for sku in row.licenses().iter().filter_map(|wanted| find_wanted(self.directory, wanted)) {
            match child.and_then(|child| child.licenses.get(&sku.id)) {
                Some(license) if license.error.is_some() => {
                    blockers.may.extend([Code::LicenseCountViolation, Code::LicenseError]);
                }
                Some(_) => {}
                None => {
                    missing = true;
                    let free = self.directory.seats_left(sku.id);
                    let demand = self.demand.get(&sku.id).copied().unwrap_or_default();
                    if free == 0 {
                        blockers.must.push(Code::NoFreeSeats);
                    } else if demand > free {
                        blockers.may.push(Code::NoFreeSeats);
                    }
                }
            }
        }
        let located = row.declared().get(Member::UsageLocation).is_some()
            || child.is_some_and(|child| child.usage_location.is_some());
        if missing && !located {
            blockers.must.push(Code::LicenseNeedsUsageLocation);
        }
    }

    fn is_there(&self, user: &UserRef) -> bool {
        match user {
            UserRef::Id(id) => is_live(self.directory, *id),
            UserRef::Upn(upn) => self.directory.all_users().any(|user| {
                user.life.is_live() && user.user_principal_name.eq_ignore_ascii_case(upn.as_str())
            }),
        }
    }
}

/// The seats that the rows lack, by SKU, as if nothing else kept them from success.
fn demand(rows: &[&DesiredUser], directory: &Directory) -> BTreeMap<ObjectId, u32> {
    let mut demand = BTreeMap::new();
    for row in rows {
        let child = directory.children_of(row.identity_parent_id()).next();
        for sku in row.licenses().iter().filter_map(|wanted| find_wanted(directory, wanted)) {
            if !child.is_some_and(|child| child.licenses.contains_key(&sku.id)) {
                *demand.entry(sku.id).or_default() += 1;
            }
        }
    }
    demand
}

/// The SKU of a row's license: scenarios have no licenses of groups.
fn find_wanted<'a>(directory: &'a Directory, wanted: &WantedLicense) -> Option<&'a Sku> {
    match wanted {
        WantedLicense::Direct(license) => find_sku(directory, &license.sku),
        WantedLicense::Group(_) => None,
    }
}

pub(crate) fn find_sku<'a>(directory: &'a Directory, wanted: &SkuRef) -> Option<&'a Sku> {
    directory.skus().find(|sku| match wanted {
        SkuRef::Id(id) => sku.id == *id,
        SkuRef::PartNumber(name) => sku.part_number.eq_ignore_ascii_case(name),
    })
}

/// The differences between a row and its user, as the write master has it.
pub(crate) fn differences(row: &DesiredUser, user: &User, directory: &Directory) -> Vec<String> {
    let mut differences = Vec::new();
    for (member, wanted) in row.declared().iter() {
        let has = value_of(user, member);
        let wanted = Value::from(wanted);
        let same = match (&has, &wanted) {
            (Value::String(has), Value::String(wanted)) if *member == Member::UserPrincipalName => {
                has.eq_ignore_ascii_case(wanted)
            }
            (has, wanted) => has == wanted,
        };
        if !same {
            differences.push(format!("{member} is {has}, not {wanted}"));
        }
    }
    if let Some(manager) = row.manager() {
        let id = find(directory, manager);
        if user.manager != id {
            differences.push(format!("the manager is {:?}, not {manager}", user.manager));
        }
    }
    for sponsor in row.sponsors() {
        let id = match sponsor {
            SponsorRef::Group(id) => Some(*id),
            SponsorRef::User(user) => find(directory, user),
        };
        if !id.is_some_and(|id| user.sponsors.contains(&id)) {
            differences.push(format!("{sponsor} is not a sponsor"));
        }
    }
    for wanted in row.licenses() {
        if !find_wanted(directory, wanted).is_some_and(|sku| user.licenses.contains_key(&sku.id)) {
            differences.push(format!("it has no license {wanted}"));
        }
    }
    differences
}

fn find(directory: &Directory, user: &UserRef) -> Option<ObjectId> {
    match user {
        UserRef::Id(id) => Some(*id),
        UserRef::Upn(upn) => directory
            .all_users()
            .find(|user| user.life.is_live() && user.user_principal_name.eq_ignore_ascii_case(upn.as_str()))
            .map(|user| user.id),
    }
}

/// A member that can be written, as a body has it.
pub(crate) fn value_of(user: &User, member: &MemberName) -> Value {
    match member {
        MemberName::Declared(member) => member_of(user, *member),
        MemberName::Open(member) => {
            let extra = user.extras.get(member.property());
            let below = member.path().split('.').skip(1);
            below.fold(extra, |value, name| value?.get(name)).cloned().unwrap_or_default()
        }
        _ => Value::Null,
    }
}

/// A member as a body has it.
pub(crate) fn member_of(user: &User, member: Member) -> Value {
    match member {
        Member::AccountEnabled => user.account_enabled.into(),
        Member::DisplayName => user.display_name.as_str().into(),
        Member::MailNickname => user.mail_nickname.as_str().into(),
        Member::UserPrincipalName => user.user_principal_name.as_str().into(),
        Member::UsageLocation => user.usage_location.as_deref().into(),
        other => user.extras.get(other.name()).cloned().unwrap_or(Value::Null),
    }
}
