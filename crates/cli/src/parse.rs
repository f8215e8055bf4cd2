//! Reads values from texts of the command line.

use crate::input;
use agentuser::core::model::Shape;
use agentuser::core::validate::{Violations, nearest_name};
use agentuser::{
    AgentUserPatch, GroupRef, Member, MemberName, MemberValue, ObjectId, OpenColumn, Problem, Readiness,
    Shard, SponsorRef, UserRef, Violation,
};
use clap::ValueEnum;
use std::time::Duration;

/// A user, by object id or user principal name. Its broken rules are those of `field`.
pub(crate) fn user(field: &'static str, text: &str) -> Result<UserRef, Problem> {
    one(|broken| broken.keep_as(field, UserRef::parse(text)))
}

/// Users, with those of stdin in the place of `-`: all of them, or every rule that one of them breaks.
pub(crate) fn users(texts: &[String]) -> Result<Vec<UserRef>, Problem> {
    all(texts, |broken, text| broken.keep_as("user", UserRef::parse(text)))
}

/// Object ids, with those of stdin in the place of `-`: all of them, or every rule that one of them breaks.
pub(crate) fn ids(field: &'static str, texts: &[String]) -> Result<Vec<ObjectId>, Problem> {
    all(texts, |broken, text| broken.object_id(field, text))
}

fn all<T>(texts: &[String], read: impl Fn(&mut Violations, &str) -> Option<T>) -> Result<Vec<T>, Problem> {
    let texts = input::values(texts)?;
    let mut broken = Vec::new();
    let mut values = Vec::new();
    for text in &texts {
        let mut own = Violations::default();
        values.extend(read(&mut own, text));
        let own = Vec::<Violation>::from(own).into_iter();
        broken
            .extend(own.map(|violation| if texts.len() > 1 { of_value(text, violation) } else { violation }));
    }
    if broken.is_empty() { Ok(values) } else { Err(Problem::from_violations(broken)) }
}

/// The violation with the value that breaks the rule, which is one of several.
pub(crate) fn of_value(text: &str, violation: Violation) -> Violation {
    Violation { message: format!("{text:?}: {}", violation.message), ..violation }
}

/// A sponsor: a user, or a group as `group:ID`.
pub(crate) fn sponsor(text: &str) -> Result<SponsorRef, Problem> {
    one(|broken| broken.keep_as("sponsor", SponsorRef::parse(text)))
}

/// A group: an object id, or a display name.
pub(crate) fn group(text: &str) -> Result<GroupRef, Problem> {
    one(|broken| broken.keep_as("group", GroupRef::parse(text).map_err(|violation| vec![violation])))
}

/// An object id.
pub(crate) fn id(field: &'static str, text: &str) -> Result<ObjectId, Problem> {
    one(|broken| broken.object_id(field, text))
}

fn one<T>(read: impl FnOnce(&mut Violations) -> Option<T>) -> Result<T, Problem> {
    let mut broken = Violations::default();
    let value = read(&mut broken);
    broken.finish(value).map_err(Problem::from_violations)
}

/// A shard of a roster, such as `1/4`.
pub(crate) fn shard(text: &str) -> Result<Shard, String> {
    text.parse().map_err(|violation: Violation| format!("{} {}", violation.message, violation.fix))
}

/// A member and its value, from `member=value`.
#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    pub(crate) member: MemberName,
    pub(crate) value: MemberValue,
}

/// Reads `member=value`; the value is checked later, together with all others.
pub(crate) fn assignment(text: &str) -> Result<Assignment, String> {
    let (name, value) = text.split_once('=').ok_or("write it as member=value, such as jobTitle=Analyst")?;
    if let Some(open) = OpenColumn::parse(name.trim()) {
        let open = open.map_err(sentence)?;
        if value.trim().is_empty() {
            let member = open.member();
            return Err(format!("there is no value after {name}=; `update --clear {member}` clears it"));
        }
        let value = open.value(value.trim()).map_err(sentence)?;
        return Ok(Assignment { member: open.member().clone().into(), value });
    }
    let member = declared(name)?;
    let value = AgentUserPatch::parse_text(member, value)
        .ok_or_else(|| format!("there is no value after {member}=; `update --clear {member}` clears it"))?;
    Ok(Assignment { member: member.into(), value })
}

/// A member that can be cleared: declared, or open by its path.
pub(crate) fn cleared(name: &str) -> Result<MemberName, String> {
    match OpenColumn::parse(name.trim()) {
        Some(open) => open.map(|open| open.member().clone().into()).map_err(sentence),
        None => {
            let member = declared(name)?;
            if member.clearable() {
                return Ok(member.into());
            }
            let all: Vec<_> = clearable().collect();
            Err(format!(
                "{member} can't be cleared. Use one of {}, or an extension property.",
                all.join(", ")
            ))
        }
    }
}

fn sentence(violation: Violation) -> String {
    format!("{} {}", violation.message, violation.fix)
}

/// A declared member, in either letter case.
fn declared(name: &str) -> Result<Member, String> {
    let found = Member::ALL.iter().find(|member| member.name().eq_ignore_ascii_case(name.trim()));
    found.copied().ok_or_else(|| {
        let open = ["employeeOrgData.division", "employeeOrgData.costCenter"];
        let names = || Member::ALL.iter().map(|member| member.name()).chain(open);
        let fix = match nearest_name(name.trim(), names()) {
            Some(nearest) => format!("Did you mean {nearest}?"),
            None => format!(
                "Use one of {}, an extension property or customSecurityAttributes.SET.ATTRIBUTE.",
                names().collect::<Vec<_>>().join(", ")
            ),
        };
        format!("No writable member of an agent user is called {name:?}. {fix}")
    })
}

/// The names of the members that can be cleared.
fn clearable() -> impl Iterator<Item = &'static str> {
    Member::ALL.iter().filter(|member| member.clearable()).map(|member| member.name())
}

/// The help of `--set`, with the members and the shape of their values.
pub(crate) fn set_help() -> String {
    let members = Member::ALL.iter().map(|member| match member.shape() {
        Shape::Flag => format!("{member}=true|false"),
        Shape::Texts { .. } => format!("{member}=a;b"),
        Shape::DateTime => format!("{member}=2026-01-31T00:00:00Z"),
        _ => member.to_string(),
    });
    format!(
        "Set a member, as member=value; may be repeated\n\nMembers: {}, employeeOrgData.division, \
         employeeOrgData.costCenter, extension_{{application id}}_{{name}}, customSecurityAttributes.SET.ATTRIBUTE. The \
         values of the last two are text; extension_…:Boolean=true, :Integer, :LargeInteger, :DateTime, :Int32 and \
         :Collection(String)=a;b give them another type.",
        members.collect::<Vec<_>>().join(", ")
    )
}

/// A length of time: seconds, or a number with s, m, h or d.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.strip_prefix(digits).unwrap_or_default();
    let factor = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return Err("the unit is s, m, h or d, such as 90s, 15m or 2h".to_owned()),
    };
    match digits.parse::<u32>() {
        Ok(number) if number > 0 => Ok(Duration::from_secs(u64::from(number) * factor)),
        _ => Err("write a whole number above 0 and a unit, such as 90s, 15m or 2h".to_owned()),
    }
}

/// A service to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Service {
    /// Nothing but the licenses themselves
    None,
    /// The mailbox
    Mailbox,
    /// Teams
    Teams,
    /// OneDrive, which needs Files.Read.All
    #[value(name = "onedrive")]
    OneDrive,
}

/// The services as the core has them.
pub(crate) fn readiness(services: &[Service]) -> Readiness {
    let has = |service| services.contains(&service);
    Readiness {
        mailbox: has(Service::Mailbox),
        teams: has(Service::Teams),
        one_drive: has(Service::OneDrive),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, seconds) in [("1", 1), ("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86_400)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for bad in ["", "0", "s", "-1", "1.5h", "1w", "1 m", "99999999999"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn assignments() {
        let read = assignment("JobTitle=a=b").unwrap();
        assert_eq!((read.member, read.value), (Member::JobTitle.into(), MemberValue::Text("a=b".into())));
        for bad in ["jobTitle", "jobTitle=", "jobTitel=x", "=x", ""] {
            assert!(assignment(bad).is_err(), "{bad}");
        }
    }
}
