//! The verdict of a rule about each of its subjects: found, clean, or not checked.
//!
//! A rule reads sections of a snapshot through [`Read::get`](crate::flow::Read::get), so that what was not read becomes
//! "not checked" by `?`, and never clean.

use super::evidence::Evidence;
use super::facts::Facts;
use super::finding::{Finding, FindingState, FoundUser, Subject, SubjectKind};
use super::fix::Fix;
use super::missing::Missing;
use super::rule_id::{RuleId, Severity};
use super::snapshot::User;
use crate::ObjectId;
use crate::flow::read::Unread;
use serde_json::Value;

/// Something that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    message: String,
    evidence: Evidence,
    fix: Option<Fix>,
    subject: Option<Subject>,
}

impl Found {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), evidence: Evidence::default(), fix: None, subject: None }
    }

    /// A value that it rests on; nothing where there is none.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        let value = value.into();
        if !value.is_null() {
            self.evidence.insert(name, value);
        }
        self
    }

    /// The command that mends it.
    pub(super) fn fixed_by(mut self, command: String) -> Self {
        self.fix = Some(Fix::command(command));
        self
    }

    /// Adds the fix.
    pub(super) fn mended(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// It is about another object than the agent user.
    pub(super) fn about(mut self, subject: Subject) -> Self {
        self.subject = Some(subject);
        self
    }
}

/// A verdict on an agent user.
pub(super) type Verdict<'a> = Result<Option<Found>, Missing<'a>>;

/// The verdicts of one rule.
#[derive(Debug)]
pub(super) struct Verdicts {
    rule: RuleId,
    severity: Severity,
    pub(super) findings: Vec<Finding>,
    pub(super) found: usize,
    pub(super) clean: usize,
    pub(super) not_checked: usize,
    /// Why no subject is checked that has no other verdict.
    blocked: Option<Unread>,
}

impl Verdicts {
    pub(super) fn new(rule: RuleId, severity: Severity) -> Self {
        Self { rule, severity, findings: Vec::new(), found: 0, clean: 0, not_checked: 0, blocked: None }
    }

    /// Judges every agent user.
    pub(super) fn each_user<'a>(
        &mut self,
        facts: &Facts<'a>,
        mut judge: impl FnMut(&'a User) -> Verdict<'a>,
    ) {
        for user in facts.snapshot.users.iter() {
            self.user(user, judge(user));
        }
        self.conclude(facts);
    }

    fn user(&mut self, user: &User, verdict: Verdict<'_>) {
        // Most are clean, and need no words.
        let found_user = || Some(FoundUser { id: user.id, user_principal_name: user.name() });
        let of_user = || Subject::new(SubjectKind::AgentUser, user.id, Some(&user.name()));
        match verdict {
            Ok(None) => self.clean += 1,
            Ok(Some(mut found)) => {
                let subject = found.subject.take().unwrap_or_else(of_user);
                self.found += 1;
                let finding = self.finding(found_user(), subject, found);
                self.findings.push(finding);
            }
            Err(Missing::Section(unread)) => self.block(unread),
            Err(Missing::OfAll(message)) => self.block(&Unread::of_data("NoData", message.to_owned())),
            Err(Missing::OfSubject(unread)) => {
                self.not_checked += 1;
                let finding = self.unchecked(found_user(), of_user(), unread);
                self.findings.push(finding);
            }
        }
    }

    /// Nothing is checked: a section was not read.
    pub(super) fn unread(&mut self, facts: &Facts<'_>, unread: &Unread) {
        self.block(unread);
        self.not_checked = facts.snapshot.users.len().max(1);
        self.conclude(facts);
    }

    /// Notes what was found of an agent user that is not among the living.
    pub(super) fn found_user(&mut self, id: ObjectId, name: &str, found: Found) {
        let user = FoundUser { id, user_principal_name: name.to_owned() };
        let subject = Subject::new(SubjectKind::AgentUser, id, Some(name));
        self.found += 1;
        let finding = self.finding(Some(user), subject, found);
        self.findings.push(finding);
    }

    /// Notes what was found of the parent or blueprint of agent users: once for each of them, or once where it has none.
    /// `new` says whether they are counted.
    pub(super) fn found_of(&mut self, subject: Subject, children: &[&User], found: Found, new: bool) {
        self.found += if new { children.len().max(1) } else { 0 };
        let users: Vec<Option<&User>> = match children {
            [] => vec![None],
            some => some.iter().map(|user| Some(*user)).collect(),
        };
        for user in users {
            let user = user.map(|user| FoundUser { id: user.id, user_principal_name: user.name() });
            let finding = self.finding(user, subject.clone(), found.clone());
            self.findings.push(finding);
        }
    }

    /// Notes what was found of another object than an agent user.
    pub(super) fn found(&mut self, subject: Subject, found: Found) {
        self.found += 1;
        let finding = self.finding(None, subject, found);
        self.findings.push(finding);
    }

    /// Notes that another object than an agent user could not be checked.
    pub(super) fn unchecked_subject(&mut self, subject: Subject, unread: Unread) {
        self.not_checked += 1;
        let finding = self.unchecked(None, subject, unread);
        self.findings.push(finding);
    }

    /// Notes that a subject is not checked for want of a section.
    fn block(&mut self, unread: &Unread) {
        self.not_checked += 1;
        if self.blocked.is_none() {
            self.blocked = Some(unread.clone());
        }
    }

    /// Says once for all subjects what kept them from being checked.
    fn conclude(&mut self, facts: &Facts<'_>) {
        if let Some(unread) = self.blocked.take() {
            let tenant = Subject::new(SubjectKind::Tenant, facts.snapshot.tenant_id, None);
            let finding = self.unchecked(None, tenant, unread);
            self.findings.insert(0, finding);
        }
    }

    fn finding(&self, user: Option<FoundUser>, subject: Subject, found: Found) -> Finding {
        Finding {
            rule: self.rule,
            severity: self.severity,
            state: FindingState::Found,
            user,
            subject,
            message: found.message,
            evidence: found.evidence,
            fix: found.fix,
            reason: None,
            accepted: None,
            comparison: None,
        }
    }

    fn unchecked(&self, user: Option<FoundUser>, subject: Subject, unread: Unread) -> Finding {
        let mut message = format!("It was not checked. {}", unread.message);
        if let [least, ..] = unread.permissions.as_slice() {
            message = format!("{message} Grant {least}, or another of the permissions that are named.");
        }
        Finding {
            rule: self.rule,
            severity: self.severity,
            state: FindingState::NotChecked,
            user,
            subject,
            message,
            evidence: Evidence::default(),
            fix: None,
            reason: Some(unread),
            accepted: None,
            comparison: None,
        }
    }
}
