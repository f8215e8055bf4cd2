//! Audits, held against the truth and against what could be read.

use super::agents::Agent;
use super::arena::Arena;
use super::guard::Rules;
use super::readable::{Look, readable};
use super::sabotage::Sabotage;
use super::truth::{Known, RULES};
use crate::violation::{Invariant, Violation, require};
use agentuser_core::ObjectId;
use agentuser_core::flow::{self, AuditReport, AuditRequest, AuditSettings, FindingState, RuleResult};
use agentuser_core::http::Method;
use agentuser_simulator::ids;
use std::collections::BTreeSet;

/// The words of a report on one rule.
struct Said<'a> {
    result: &'a RuleResult,
    found: BTreeSet<ObjectId>,
    not_checked: BTreeSet<ObjectId>,
    /// It says of some, without their names, that they were not checked.
    blocked: bool,
}

impl<'a> Said<'a> {
    fn of(report: &'a AuditReport, rule: &str) -> Option<Self> {
        let result = report.rules.iter().find(|one| one.rule.as_str() == rule)?;
        let mut said = Self { result, found: BTreeSet::new(), not_checked: BTreeSet::new(), blocked: false };
        for one in report.findings.iter().filter(|one| one.rule.as_str() == rule) {
            let user = one.user.as_ref().map(|user| user.id);
            match (one.state, user) {
                (FindingState::Found, Some(id)) => drop(said.found.insert(id)),
                (FindingState::Found, None) => {}
                (FindingState::NotChecked, Some(id)) => drop(said.not_checked.insert(id)),
                (FindingState::NotChecked, None) => said.blocked = true,
            }
        }
        Some(said)
    }
}

impl Arena<'_> {
    /// One audit. Just before it, one agent user may lose its manager.
    pub(super) fn play_audit(&mut self, beta: bool, fresh: Option<u32>) -> Result<(), Violation> {
        let readable = readable(self.scenario, &mut self.world);
        // A token that may do everything reads everything: else the model would ask for less than it means to.
        let is_whole = self.scenario.lacks.is_none() && self.scenario.editions == (true, true);
        let seen = readable.len() + self.scenario.broken().len();
        require(!is_whole || seen == Look::ALL.len(), Invariant::FindsWhatIsThere, || {
            format!("the model itself reads {readable:?} alone")
        })?;
        if let Some(n) = fresh {
            self.admin(Method::Delete, &format!("/users/{}/manager/$ref", ids::agent_user(n)), "");
        }
        let settings = AuditSettings { beta, ..AuditSettings::default() };
        let rules = Rules { reads: true, ..Rules::default() };
        let request = AuditRequest { settings, ..AuditRequest::default() };
        let audited = self.ask(rules, |graph| async move { flow::audit(&graph, request).await })?;
        let mut report = match audited {
            Ok(audited) => audited.report,
            // Without the tenant and the list of agent users there is no audit.
            Err(problem) => {
                let may_fail = self.scenario.faults > 0 || self.scenario.lacks.is_some();
                return require(may_fail, Invariant::RightProblem, || format!("{problem:?}"));
            }
        };
        self.distort(&mut report);
        for known in RULES.iter().filter(|known| beta || known.rule != "risky") {
            let Some(said) = Said::of(&report, known.rule) else {
                let what = format!("{} did not run", known.rule);
                return Err(Violation { invariant: Invariant::FindsWhatIsThere, what });
            };
            self.check_rule(known, &said, &readable)?;
        }
        self.check_deleted(&report, &readable)
    }

    fn check_rule(&self, known: &Known, said: &Said<'_>, readable: &BTreeSet<Look>) -> Result<(), Violation> {
        let rule = known.rule;
        let living: Vec<&Agent> = self.scenario.agents.iter().filter(|one| !one.in_bin).collect();
        let RuleResult { found, clean, not_checked, .. } = said.result;
        // A parent without an agent user counts, too, where it is found.
        let others = if rule == "grant-for-all" { self.scenario.granted_for_nobody() } else { 0 };
        let counted = found + clean + not_checked;
        require(
            (living.len()..=living.len() + others).contains(&counted),
            Invariant::EveryRowReported,
            || format!("{rule}: {found} found, {clean} clean, {not_checked} not checked of {}", living.len()),
        )?;
        let all_read = known.reads.iter().all(|look| readable.contains(look));
        let may_fail = self.scenario.faults > 0 || !all_read;
        let mut may_be_clean = 0;
        for agent in living {
            let id = agent.id();
            let (truth, fresh) =
                ((known.is_found)(self.scenario, agent), self.scenario.is_fresh(rule, agent));
            let is_found = said.found.contains(&id);
            require(!is_found || truth || fresh, Invariant::FindsWhatIsThere, || {
                format!("{rule} was found of agent {}, and is not so", agent.number)
            })?;
            let is_known = (known.needs)(agent).iter().all(|look| readable.contains(look));
            let may_be = is_known && (!truth || fresh);
            may_be_clean += usize::from(may_be);
            let is_clean = !is_found && !said.not_checked.contains(&id) && !said.blocked;
            let invariant = if is_known { Invariant::FindsWhatIsThere } else { Invariant::UnknownIsNotClean };
            require(!is_clean || may_be, invariant, || {
                format!(
                    "{rule} calls agent {} clean; it is so: {}, readable: {is_known}",
                    agent.number, !truth
                )
            })?;
            require(!truth || is_found || may_fail || fresh, Invariant::FindsWhatIsThere, || {
                format!("{rule} was not found of agent {}, though all was readable", agent.number)
            })?;
        }
        require(*clean <= may_be_clean, Invariant::UnknownIsNotClean, || {
            format!("{rule} calls {clean} clean, and {may_be_clean} may be: {:?}", said.found)
        })?;
        let fits = *not_checked == 0 || may_fail || rule.contains("manager");
        require(fits, Invariant::FindsWhatIsThere, || {
            format!("{rule}: {not_checked} not checked, all was readable")
        })
    }

    /// Agent users in the recycle bin are found, or it is said that nobody looked.
    fn check_deleted(&self, report: &AuditReport, readable: &BTreeSet<Look>) -> Result<(), Violation> {
        let Some(said) = Said::of(report, "deleted") else { return Ok(()) };
        let binned = self.scenario.agents.iter().filter(|one| one.in_bin).map(Agent::id);
        let binned: BTreeSet<ObjectId> = binned.collect();
        let is_readable = readable.contains(&Look::DeletedUsers);
        require(said.blocked || is_readable, Invariant::UnknownIsNotClean, || {
            "the recycle bin was not readable, and is called clean".to_owned()
        })?;
        require(said.blocked || said.found == binned, Invariant::FindsWhatIsThere, || {
            format!("{:?} are in the recycle bin, and {:?} were found", binned, said.found)
        })?;
        require(
            !said.blocked || !is_readable || self.scenario.faults > 0,
            Invariant::FindsWhatIsThere,
            || "the recycle bin was readable, and was not checked".to_owned(),
        )
    }

    /// The mistake of the scenario, in what the audit says.
    fn distort(&self, report: &mut AuditReport) {
        match self.scenario.sabotage {
            Some(Sabotage::CallsUnknownClean) => {
                report.findings.retain(|one| one.state == FindingState::Found);
                for rule in &mut report.rules {
                    rule.clean += std::mem::take(&mut rule.not_checked);
                }
            }
            Some(Sabotage::LeavesFindingOut) => {
                let is_known = |rule: &str| RULES.iter().any(|known| known.rule == rule);
                let is_one = |one: &flow::Finding| {
                    one.state == FindingState::Found && one.user.is_some() && is_known(one.rule.as_str())
                };
                let Some(place) = report.findings.iter().position(is_one) else { return };
                let left_out = report.findings.remove(place);
                if let Some(rule) = report.rules.iter_mut().find(|one| one.rule == left_out.rule) {
                    rule.found -= 1;
                    rule.clean += 1;
                }
            }
            Some(Sabotage::InventsFinding) => {
                let Some(one) =
                    report.findings.iter_mut().find(|one| one.rule.as_str() == "no-usage-location")
                else {
                    return;
                };
                if let Some(user) = &mut one.user {
                    user.id = ids::agent_user(super::scenario::AGENTS);
                }
            }
            _ => {}
        }
    }
}
