//! The flags by which `create` and `validate` take members and references.

use crate::parse::{self, Assignment};
use agentuser::core::validate::{RuleCode, Violations};
use agentuser::{
    AgentUserPatch, GroupRef, Member, MemberName, MemberValue, SponsorRef, UserRef, Violation, WantedLicense,
};
use clap::Args;

/// Members beside the names, and references.
#[derive(Debug, Args)]
pub(super) struct Details {
    /// The mail alias; derived unless given
    #[arg(long, value_name = "NAME")]
    mail_nickname: Option<String>,
    /// A country code of two letters; licenses need one
    #[arg(long, value_name = "CODE")]
    usage_location: Option<String>,
    #[arg(long, value_name = "MEMBER=VALUE", value_parser = parse::assignment, help = "Set a member, as member=value; may be repeated", long_help = parse::set_help())]
    set: Vec<Assignment>,
    /// Its manager: a user principal name or an object id
    #[arg(long, value_name = "USER")]
    manager: Option<String>,
    /// A sponsor: a user principal name, an object id, or group:ID; may be repeated
    #[arg(long, value_name = "USER")]
    sponsor: Vec<String>,
    /// A group that it is a member of: its display name or object id; may be repeated
    #[arg(long, value_name = "GROUP")]
    group: Vec<String>,
    /// A license: a SKU's part number or id, such as AGENT_365 or "AGENT_365 without TEAMS1"; or group:ID or group:NAME
    /// for the licenses of a group; may be repeated
    #[arg(long, value_name = "SKU")]
    license: Vec<String>,
}

impl Details {
    /// The members that are named, with those of other flags before them.
    pub(super) fn values<'a>(
        &'a self,
        others: impl IntoIterator<Item = (Member, Option<&'a str>)>,
    ) -> Vec<(MemberName, MemberValue)> {
        let own =
            [(Member::MailNickname, &self.mail_nickname), (Member::UsageLocation, &self.usage_location)];
        let own = own.into_iter().map(|(member, text)| (member, text.as_deref()));
        let texts = others.into_iter().chain(own);
        let texts =
            texts.filter_map(|(member, text)| Some((member.into(), MemberValue::Text(text?.to_owned()))));
        let set = self.set.iter().map(|Assignment { member, value }| (member.clone(), value.clone()));
        texts.chain(set).collect()
    }

    /// Manager and sponsors; the rules that they break are noted.
    pub(super) fn references(&self, broken: &mut Violations) -> (Option<UserRef>, Vec<SponsorRef>) {
        let manager =
            self.manager.as_deref().and_then(|text| broken.keep_as("manager", UserRef::parse(text)));
        let sponsors =
            self.sponsor.iter().filter_map(|text| broken.keep_as("sponsors", SponsorRef::parse(text)));
        (manager, sponsors.collect())
    }

    /// The groups; the rules that they break are noted.
    pub(super) fn groups(&self, broken: &mut Violations) -> Vec<GroupRef> {
        let read = |text: &String| GroupRef::parse(text).map_err(|violation| vec![violation]);
        self.group.iter().filter_map(|text| broken.keep_as("groups", read(text))).collect()
    }

    /// The licenses; the rules that they break are noted.
    pub(super) fn licenses(&self, broken: &mut Violations) -> Vec<WantedLicense> {
        let read = |text: &String| WantedLicense::parse(text).map_err(|violation| vec![violation]);
        self.license.iter().filter_map(|text| broken.keep_as("licenses", read(text))).collect()
    }
}

/// The violations of members that are given twice, which a draft can't tell.
pub(super) fn repeated(values: &[(MemberName, MemberValue)]) -> Vec<Violation> {
    let broken = AgentUserPatch::parse(values.iter().cloned()).err().unwrap_or_default();
    broken.into_iter().filter(|violation| violation.code == RuleCode::Repeated).collect()
}
