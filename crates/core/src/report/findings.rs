//! An audit's findings as a document.

use super::document::{Bar, Column, Document, Figure, Gap, Group, Head, Kind, RULES, Sheet, Shown};
use super::html::short_length;
use super::portal::Link;
use crate::problem::{Code, Problem};
use crate::unique::Unique;
use crate::validate::{RuleCode, Violation};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The kind that an audit's report names.
const KIND: &str = "agentuserAudit";

/// How many bytes a page of 2,000 findings may have; what is left of them goes to links, fixes and evidence.
const PAGE: usize = 280_000;

/// The bytes for links, fixes and evidence of the worst findings, at least, however many findings there are.
const LEAST_SPARE: usize = 40_000;

/// How many bars a chart has.
const BARS: usize = 8;

/// The report of an audit, with its findings in the order of a page: the worst first, then by rule, then by user.
#[derive(Debug, Clone)]
pub struct Findings {
    report: Map<String, Value>,
    rules: Vec<Value>,
    findings: Vec<Value>,
}

impl Findings {
    /// Reads the report of an audit: one JSON object, or as the command line prints it, the report without its findings in the
    /// first line and a finding in each further line.
    ///
    /// # Errors
    /// When it is not such JSON; every finding that lacks what reports need.
    pub fn parse(json: &[u8]) -> Result<Self, Problem> {
        let unreadable = |message: String| Problem::new(Code::FindingsUnreadable, message);
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        let values: Result<Vec<Unique>, _> = serde_json::Deserializer::from_slice(json).into_iter().collect();
        let values =
            values.map_err(|error| unreadable(format!("The findings can't be read as JSON: {error}.")))?;
        let mut values = values.into_iter().map(|Unique(value)| value);
        let mut report = match values.next() {
            Some(Value::Object(report)) => report,
            Some(_) => return Err(unreadable("The JSON of the findings is not an object.".to_owned())),
            None => return Err(unreadable("The file of the findings is empty.".to_owned())),
        };
        if report.get("kind").and_then(Value::as_str) != Some(KIND) {
            return Err(unreadable(format!(
                "The JSON is not the report of an audit: its kind is not {KIND}."
            )));
        }
        let Some(Value::Array(rules)) = report.remove("rules") else {
            return Err(unreadable("The report of the audit has no list rules.".to_owned()));
        };
        let mut findings = match report.remove("findings") {
            Some(Value::Array(findings)) => findings,
            None => Vec::new(),
            Some(_) => return Err(unreadable("The findings of the report are not a list.".to_owned())),
        };
        findings.extend(values);
        let broken: Vec<Violation> =
            findings.iter().enumerate().flat_map(|(at, finding)| faults(at, finding)).collect();
        if !broken.is_empty() {
            return Err(Problem::from_violations(broken));
        }
        findings
            .sort_by_cached_key(|finding| (group(finding), text(finding, "/rule").to_owned(), name(finding)));
        Ok(Self { report, rules, findings })
    }

    /// The findings, in the order of a page.
    pub fn rows(&self) -> impl Iterator<Item = &Value> {
        self.findings.iter()
    }

    /// The findings themselves, in that order.
    #[must_use]
    pub fn into_rows(self) -> Vec<Value> {
        self.findings
    }

    /// The document: `head` has what the report itself does not know.
    #[must_use]
    pub fn document(&self, head: Head) -> Document {
        let main = sheet();
        let short: usize = self.findings.iter().map(|row| short_length(&main, row)).sum();
        Document {
            head: self.head(head),
            counts: self.counts(),
            figures: self.figures(),
            gaps: self.gaps(),
            sheets: vec![(rules_sheet(), self.rules()), (users_sheet(), self.users())],
            main,
            spare: PAGE.saturating_sub(short).max(LEAST_SPARE),
            envelope: Some(self.envelope()),
        }
    }

    fn head(&self, head: Head) -> Head {
        let own = |name: &str| self.report.get(name).and_then(Value::as_str).map(str::to_owned);
        let mut facts = Vec::new();
        if let Some(users) = self.report.get("agentUsers") {
            facts.push(("Agent users".to_owned(), users.to_string()));
        }
        let judged_at = own("judgedAt").filter(|judged| Some(judged) != own("takenAt").as_ref());
        facts.extend(judged_at.map(|judged| ("Judged for".to_owned(), judged)));
        let gone = self.report.get("gone").and_then(Value::as_array).map_or(0, Vec::len);
        if gone > 0 {
            facts.push(("Gone since the older audit".to_owned(), gone.to_string()));
        }
        facts.extend(head.facts);
        Head {
            title: "Audit of agent users".to_owned(),
            tenant: head.tenant.or_else(|| own("tenantId")),
            author: head.author.or_else(|| own("account")),
            made_at: head.made_at.or_else(|| own("takenAt")),
            facts,
            ..head
        }
    }

    /// The report in JSON, up to its findings.
    fn envelope(&self) -> String {
        let mut report = self.report.clone();
        report.insert("rules".to_owned(), self.rules.clone().into());
        let mut text = Value::Object(report).to_string();
        text.pop();
        text.push_str(",\"findings\":");
        text
    }

    fn counts(&self) -> Vec<(Group, usize)> {
        let count = |group| self.findings.iter().filter(|finding| self::group(finding) == group).count();
        Group::ALL.map(|group| (group, count(group))).to_vec()
    }

    fn figures(&self) -> Vec<Figure> {
        let mut of_rule: BTreeMap<&str, (usize, Group)> = BTreeMap::new();
        for finding in &self.findings {
            let group = group(finding);
            if group < Group::Accepted {
                of_rule.entry(text(finding, "/rule")).or_insert((0, group)).0 += 1;
            }
        }
        let of_users = self.of_users();
        let bar = |(group, count): (Group, usize)| Bar {
            label: group.title().to_owned(),
            count,
            group: Some(group),
        };
        let severities: Vec<Bar> =
            self.counts().into_iter().filter(|(group, _)| *group < Group::Accepted).map(bar).collect();
        let rules = of_rule.into_iter().map(|(rule, (count, group))| Bar {
            label: rule.to_owned(),
            count,
            group: Some(group),
        });
        let users = of_users.into_iter().map(|(name, counts)| Bar {
            label: name.to_owned(),
            count: counts.values().sum(),
            group: counts.keys().next().copied(),
        });
        let shown = |title: &str, bars: Vec<Bar>| Figure { title: title.to_owned(), bars };
        let figures = [
            shown("Findings by severity", severities),
            shown("Rules with the most findings", most(rules)),
            shown("Agent users with the most findings", most(users)),
        ];
        figures.into_iter().filter(|figure| !figure.bars.is_empty()).collect()
    }

    /// How many findings of each severity each agent user has.
    fn of_users(&self) -> BTreeMap<&str, BTreeMap<Group, usize>> {
        let mut users: BTreeMap<&str, BTreeMap<Group, usize>> = BTreeMap::new();
        for finding in &self.findings {
            let (name, group) = (text(finding, "/user/userPrincipalName"), group(finding));
            if !name.is_empty() && group < Group::Accepted {
                *users.entry(name).or_default().entry(group).or_default() += 1;
            }
        }
        users
    }

    fn users(&self) -> Vec<Value> {
        let count = |counts: &BTreeMap<Group, usize>, group| {
            Value::from(counts.get(&group).copied().unwrap_or_default())
        };
        let mut rows: Vec<_> = self.of_users().into_iter().collect();
        rows.sort_by_key(|(_, counts)| {
            Group::ALL.map(|group| std::cmp::Reverse(counts.get(&group).copied()))
        });
        let row = |(name, counts): (&str, BTreeMap<Group, usize>)| {
            let mut row = Map::new();
            row.insert("userPrincipalName".to_owned(), name.into());
            for group in [Group::High, Group::Medium, Group::Low, Group::Info] {
                row.insert(group.title().to_ascii_lowercase(), count(&counts, group));
            }
            Value::Object(row)
        };
        rows.into_iter().map(row).collect()
    }

    /// The rules, each with an example of its fix.
    fn rules(&self) -> Vec<Value> {
        let mut rules = self.rules.clone();
        for rule in &mut rules {
            let id = text(rule, "/rule").to_owned();
            let of_rule = self.findings.iter().filter(|finding| text(finding, "/rule") == id);
            let fix = of_rule.map(|finding| text(finding, "/fix")).find(|fix| !fix.is_empty());
            if let (Some(fix), Some(members)) = (fix, rule.as_object_mut()) {
                members.insert("fix".to_owned(), fix.into());
            }
        }
        rules
    }

    /// The rules that found more than the file has, because it was cut short or filtered.
    fn cut_short(&self) -> Option<Vec<String>> {
        let mut here: BTreeMap<&str, u64> = BTreeMap::new();
        for finding in self.findings.iter().filter(|finding| text(finding, "/state") == "found") {
            *here.entry(text(finding, "/rule")).or_default() += 1;
        }
        let has_more = |rule: &&Value| {
            let found = rule.get("found").and_then(Value::as_u64).unwrap_or_default();
            found > here.get(text(rule, "/rule")).copied().unwrap_or_default()
        };
        let rules: Vec<String> =
            self.rules.iter().filter(has_more).map(|rule| text(rule, "/rule").to_owned()).collect();
        (!rules.is_empty()).then_some(rules)
    }

    /// The reasons why findings were not checked, each with its rules.
    fn gaps(&self) -> Vec<Gap> {
        let mut gaps: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for finding in self.findings.iter().filter(|finding| group(finding) == Group::NotChecked) {
            let rules = gaps.entry(needs(finding)).or_default();
            let rule = text(finding, "/rule");
            if !rules.iter().any(|known| known == rule) {
                rules.push(rule.to_owned());
            }
        }
        gaps.extend(self.cut_short().map(|rules| (CUT_SHORT.to_owned(), rules)));
        gaps.into_iter().map(|(needs, rules)| Gap { needs, rules }).collect()
    }
}

/// The gap of a file that has lost findings.
const CUT_SHORT: &str = "The file has fewer findings than were found";

/// The permission or license without which a finding was not checked, in words.
fn needs(finding: &Value) -> String {
    let least = text(finding, "/reason/permissions/0");
    let license = text(finding, "/reason/license");
    match (least, license) {
        ("", "") => format!("Not read ({})", text(finding, "/reason/code")),
        (least, "") => format!("The permission {least} is missing"),
        (_, license) => format!("The license {license} is missing"),
    }
}

/// The names under which a finding's subject may stand in a file, the best first.
pub(super) fn located(finding: &Value) -> impl Iterator<Item = &str> {
    let names = ["/user/userPrincipalName", "/user/id", "/subject/name", "/subject/id"];
    names.into_iter().map(|pointer| text(finding, pointer)).filter(|name| !name.is_empty())
}

pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The name under which a finding stands: its user's, or its subject's.
fn name(finding: &Value) -> String {
    let user = text(finding, "/user/userPrincipalName");
    if user.is_empty() { text(finding, "/subject/name") } else { user }.to_lowercase()
}

/// The group of a finding.
#[must_use]
pub fn group(finding: &Value) -> Group {
    if text(finding, "/state") == "notChecked" {
        Group::NotChecked
    } else if finding.get("accepted").is_some_and(Value::is_object) {
        Group::Accepted
    } else {
        Group::of_severity(text(finding, "/severity")).unwrap_or(Group::Info)
    }
}

/// The largest bars, the largest first.
fn most(bars: impl Iterator<Item = Bar>) -> Vec<Bar> {
    let mut bars: Vec<Bar> = bars.collect();
    bars.sort_by_key(|bar| std::cmp::Reverse(bar.count));
    bars.truncate(BARS);
    bars
}

/// The members that every form of report needs and a finding lacks.
fn faults(at: usize, finding: &Value) -> Vec<Violation> {
    let place = |member: &str| format!("findings[{at}].{member}");
    let fix = "Take the report as `agentuser audit --json` has written it.";
    let wrong =
        |member: &str, message: &str| Violation::new(RuleCode::WrongKind, place(member), message, fix);
    let mut broken = Vec::new();
    for member in ["/rule", "/message", "/subject/kind", "/subject/id"] {
        if text(finding, member).is_empty() {
            broken.push(wrong(&member.replacen('/', "", 1).replace('/', "."), "It is empty, or not a text."));
        }
    }
    if Group::of_severity(text(finding, "/severity")).is_none() {
        broken.push(wrong("severity", "It is not high, medium, low or info."));
    }
    if !["found", "notChecked"].contains(&text(finding, "/state")) {
        broken.push(wrong("state", "It is not found or notChecked."));
    }
    broken
}

/// The sheet of findings.
fn sheet() -> Sheet {
    let data = |path: &str, title: &str, width: u16| Column::new(path, title, width).shown(Shown::Data);
    Sheet {
        name: "Findings",
        group: Some(group),
        columns: vec![
            Column::new("rule", "Rule", 24),
            data("severity", "Severity", 10),
            data("state", "State", 12),
            Column::new("comparison", "Compared", 11).shown(Shown::Below),
            data("user.userPrincipalName", "Agent user", 36).linked(Link::User("/user/id")),
            data("subject.name", "About", 36).linked(Link::UserOrSubject),
            // A sentence such as "Its parent is disabled." is about the agent user, whatever its subject is.
            Column::new("user.userPrincipalName", "About", 36)
                .or("subject.name")
                .linked(Link::UserOrSubject)
                .shown(Shown::Page),
            Column::new("message", "Finding", 70),
            Column::new("fix", "Fix", 60).of(Kind::Code).shown(Shown::Below),
            Column::new("evidence", "Evidence", 40).shown(Shown::Below),
            data("reason.code", "Why not checked", 20),
            data("reason.permissions", "Permissions", 30),
            data("reason.license", "License", 24),
            Column::new("accepted.by", "Accepted by", 24).shown(Shown::Below),
            Column::new("accepted.reason", "Accepted because", 40).shown(Shown::Below),
            Column::new("accepted.until", "Accepted until", 14).of(Kind::Moment).shown(Shown::Below),
            data("user.id", "Id of the agent user", 37),
            data("subject.kind", "Kind", 14),
            data("subject.id", "Id", 37),
        ],
    }
}

/// The sheet of rules.
fn rules_sheet() -> Sheet {
    Sheet {
        name: RULES,
        group: None,
        columns: vec![
            Column::new("rule", "Rule", 24),
            Column::new("severity", "Severity", 10),
            Column::new("found", "Found", 8),
            Column::new("clean", "Clean", 8),
            Column::new("notChecked", "Not checked", 12),
            Column::new("accepted", "Accepted", 10),
            Column::new("finds", "Finds", 60),
            Column::new("fix", "Example of a fix", 60).of(Kind::Code).shown(Shown::Below),
        ],
    }
}

/// The sheet of agent users with findings. A page has its largest in a chart.
fn users_sheet() -> Sheet {
    let column = |path: &str, title: &str, width: u16| Column::new(path, title, width).shown(Shown::Data);
    Sheet {
        name: "Agent users",
        group: None,
        columns: vec![
            column("userPrincipalName", "Agent user", 40),
            column("high", "High", 8),
            column("medium", "Medium", 8),
            column("low", "Low", 8),
            column("info", "Info", 8),
        ],
    }
}
