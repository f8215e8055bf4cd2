//! A license as it is wanted: a SKU with its plans, or what a group assigns.

use super::SkuRef;
use crate::ObjectId;
use crate::any_case;
use crate::validate::{RuleCode, Violation};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A service plan of a SKU, by id or by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlanRef {
    /// By id.
    Id(ObjectId),
    /// By name, in either letter case.
    Name(String),
}

impl PlanRef {
    /// Reads a GUID as an id and everything else as a name.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Name(text.to_owned()), Self::Id)
    }
}

impl fmt::Display for PlanRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// A group, by id or by display name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GroupRef {
    /// By id.
    Id(ObjectId),
    /// By display name.
    Name(String),
}

impl GroupRef {
    /// Reads a GUID as an id and everything else as a display name; `group:` may stand before either.
    ///
    /// # Errors
    /// The rule that the text breaks: it is blank.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        let name = group(text).unwrap_or(text);
        Self::named(name).ok_or_else(|| {
            let fix = "Name a group by its object id or its display name.";
            Violation::new(RuleCode::Required, "group", "The group has no name.", fix)
        })
    }

    fn named(name: &str) -> Option<Self> {
        (!name.is_empty()).then(|| name.parse().map_or_else(|_| Self::Name(name.to_owned()), Self::Id))
    }
}

impl FromStr for GroupRef {
    type Err = crate::problem::Problem;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).map_err(|violation| crate::problem::Problem::from_violations(vec![violation]))
    }
}

impl fmt::Display for GroupRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            // The name of a group may begin as what may stand before a name.
            Self::Name(name) if group(name).is_some() => write!(f, "group:{name}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// A SKU that is to be assigned directly, and what is said about its service plans. Plans that are not named stay as they
/// are; in a new assignment they are on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DirectLicense {
    /// The SKU.
    pub sku: SkuRef,
    /// The plans that are to be off.
    pub disabled_plans: Vec<PlanRef>,
    /// The plans that are to be on.
    pub enabled_plans: Vec<PlanRef>,
}

/// A license that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WantedLicense {
    /// A SKU, assigned directly.
    Direct(DirectLicense),
    /// Every SKU that a group assigns to its members.
    Group(GroupRef),
}

/// The words between a SKU and its plans.
const OFF: &str = " without ";
const ON: &str = " with ";

impl WantedLicense {
    /// Reads `group:` and an id or a name as a group, and everything else as a [`DirectLicense`].
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        let Some(group) = group(text) else {
            return DirectLicense::parse(text).map(Self::Direct);
        };
        GroupRef::named(group).map(Self::Group).ok_or_else(|| {
            let fix = "Write group: and the id or the display name of a group.";
            Violation::new(RuleCode::Required, FIELD, "The group has no name.", fix)
        })
    }
}

const FIELD: &str = "licenses";

/// The group that a text names instead of a SKU.
fn group(text: &str) -> Option<&str> {
    any_case::strip_prefix(text, "group:").map(str::trim)
}

impl SkuRef {
    /// Reads the SKU of a license that is to be added or removed directly.
    ///
    /// # Errors
    /// The rule that the text breaks: it is blank, or names a group, whose licenses come by membership.
    pub fn parse_direct(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        if text.is_empty() {
            let fix = "Name a SKU by its part number or its id.";
            return Err(Violation::new(RuleCode::Required, FIELD, "A license has no name.", fix));
        }
        if group(text).is_some() {
            return Err(Violation::new(
                RuleCode::WrongKind,
                FIELD,
                "A group's licenses come by membership: they are never added to an agent user, nor removed from one.",
                "Name a SKU, or change the members of the group. Only rosters and creates take group: with its id or \
                 name, and wait for the licenses of the group.",
            ));
        }
        Ok(Self::parse(text))
    }
}

impl DirectLicense {
    /// A SKU, whatever its plans are.
    #[must_use]
    pub const fn new(sku: SkuRef) -> Self {
        Self { sku, disabled_plans: Vec::new(), enabled_plans: Vec::new() }
    }

    /// Reads a SKU, and after ` without ` the plans that are to be off, after ` with ` those that are to be on; blanks or
    /// commas separate plans.
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let required = |what: &str, fix: &str| Violation::new(RuleCode::Required, FIELD, what, fix);
        // A word may be the first of the text, or the last one, which no plan follows.
        let padded = format!(" {} ", text.trim());
        let lower = padded.to_ascii_lowercase();
        let next = |from: usize| {
            let rest = lower.get(from..).unwrap_or_default();
            let found = [(OFF, true), (ON, false)].map(|(word, off)| (rest.find(word), word.len(), off));
            let found = found.into_iter().filter_map(|(at, length, off)| Some((at? + from, length, off)));
            found.min()
        };
        let mut word = next(0);
        let sku = padded.get(..word.map_or(padded.len(), |(at, ..)| at)).unwrap_or_default();
        let mut license = Self::new(SkuRef::parse_direct(sku)?);
        while let Some((at, length, off)) = word {
            // The blank at the end of a word may begin the next one.
            let from = at + length;
            word = next(from - 1);
            let plans = padded.get(from..word.map_or(padded.len(), |(at, ..)| at)).unwrap_or_default();
            let plans = plans.split([' ', ',']).map(str::trim).filter(|plan| !plan.is_empty());
            let list = if off { &mut license.disabled_plans } else { &mut license.enabled_plans };
            let before = list.len();
            list.extend(plans.map(PlanRef::parse));
            if list.len() == before {
                let fix = "Name service plans after it, separated by blanks, or leave the word out.";
                let word = if off { OFF } else { ON };
                return Err(required(&format!("No service plan follows the word {}.", word.trim()), fix));
            }
        }
        Ok(license)
    }
}

/// The violation of licenses of which two name one SKU and contradict each other in its plans.
#[must_use]
pub fn contradiction<'a>(licenses: impl IntoIterator<Item = &'a DirectLicense>) -> Option<Violation> {
    let mut first: BTreeMap<String, &DirectLicense> = BTreeMap::new();
    licenses.into_iter().find_map(|license| {
        let name = license.sku.to_string().to_ascii_lowercase();
        let other = *first.entry(name).or_insert(license);
        let same =
            other.disabled_plans == license.disabled_plans && other.enabled_plans == license.enabled_plans;
        let message = format!("{} is named twice, with different service plans.", license.sku);
        let fix = "Name it once, with all service plans that are to be off or on.";
        (!same).then(|| Violation::new(RuleCode::Repeated, FIELD, message, fix))
    })
}

impl FromStr for WantedLicense {
    type Err = crate::problem::Problem;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).map_err(|violation| crate::problem::Problem::from_violations(vec![violation]))
    }
}

impl FromStr for DirectLicense {
    type Err = crate::problem::Problem;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).map_err(|violation| crate::problem::Problem::from_violations(vec![violation]))
    }
}

impl From<SkuRef> for DirectLicense {
    fn from(sku: SkuRef) -> Self {
        Self::new(sku)
    }
}

impl From<SkuRef> for WantedLicense {
    fn from(sku: SkuRef) -> Self {
        Self::Direct(DirectLicense::new(sku))
    }
}

impl From<DirectLicense> for WantedLicense {
    fn from(license: DirectLicense) -> Self {
        Self::Direct(license)
    }
}

/// The text that [`DirectLicense::parse`] reads.
impl fmt::Display for DirectLicense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sku.fmt(f)?;
        for (word, plans) in [(OFF, &self.disabled_plans), (ON, &self.enabled_plans)] {
            for (index, plan) in plans.iter().enumerate() {
                f.write_str(if index == 0 { word } else { " " })?;
                plan.fmt(f)?;
            }
        }
        Ok(())
    }
}

/// The text that [`WantedLicense::parse`] reads.
impl fmt::Display for WantedLicense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct(license) => license.fmt(f),
            Self::Group(group) => write!(f, "group:{group}"),
        }
    }
}

/// A license as JSON writes it: a text, or an object.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum WrittenLicense {
    Text(String),
    Object(Members),
}

impl<'de> Deserialize<'de> for WrittenLicense {
    // A derived reader takes an array for the members of the object in their order.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self::Text(text)),
            object @ Value::Object(_) => {
                serde_json::from_value(object).map(Self::Object).map_err(D::Error::custom)
            }
            _ => Err(D::Error::custom("a license is a text, or an object with sku")),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Members {
    sku: String,
    #[serde(default, deserialize_with = "one_or_several")]
    disabled_plans: Vec<String>,
    #[serde(default, deserialize_with = "one_or_several")]
    enabled_plans: Vec<String>,
}

/// Texts, or one without its array: PowerShell takes an array of one value for the value.
fn one_or_several<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Plans {
        One(String),
        Several(Vec<String>),
    }
    Ok(match Plans::deserialize(deserializer)? {
        Plans::One(plan) => vec![plan],
        Plans::Several(plans) => plans,
    })
}

impl WrittenLicense {
    /// The license.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub(crate) fn read(&self) -> Result<WantedLicense, Violation> {
        match self {
            Self::Text(text) => WantedLicense::parse(text),
            Self::Object(Members { sku, disabled_plans, enabled_plans })
                if disabled_plans.is_empty() && enabled_plans.is_empty() =>
            {
                WantedLicense::parse(sku)
            }
            Self::Object(_) => self.read_direct().map(WantedLicense::Direct),
        }
    }

    /// The license, where a group can't be meant.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub(crate) fn read_direct(&self) -> Result<DirectLicense, Violation> {
        match self {
            Self::Text(text) => DirectLicense::parse(text),
            Self::Object(Members { sku, disabled_plans, enabled_plans }) => {
                let mut license = DirectLicense::parse(sku)?;
                let plans = |texts: &[String]| {
                    let texts = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
                    texts.map(PlanRef::parse).collect::<Vec<_>>()
                };
                license.disabled_plans.extend(plans(disabled_plans));
                license.enabled_plans.extend(plans(enabled_plans));
                Ok(license)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_and_written_back() {
        for (text, again) in [
            ("AGENT_365", "AGENT_365"),
            (
                " AGENT_365  without  TEAMS1, EXCHANGE_S_FOUNDATION ",
                "AGENT_365 without TEAMS1 EXCHANGE_S_FOUNDATION",
            ),
            ("AGENT_365 WITHOUT a with b c", "AGENT_365 without a with b c"),
            ("AGENT_365 with b without a", "AGENT_365 without a with b"),
            ("5C000000-0000-4000-8000-000000000001", "5c000000-0000-4000-8000-000000000001"),
            ("group:60000000-0000-4000-8000-000000000001", "group:60000000-0000-4000-8000-000000000001"),
            ("Group: Sales Agents without mail", "group:Sales Agents without mail"),
        ] {
            let license = WantedLicense::parse(text).unwrap();
            assert_eq!(license.to_string(), again);
            assert_eq!(WantedLicense::parse(again).unwrap(), license);
        }
    }

    #[test]
    fn what_is_missing_is_told() {
        for text in
            ["", "group:", "group: ", "AGENT_365 without", "AGENT_365 without with A", "without TEAMS1"]
        {
            let broken = WantedLicense::parse(text).unwrap_err();
            assert_eq!((broken.code, &*broken.field), (RuleCode::Required, "licenses"), "{text}");
        }
    }

    #[test]
    fn one_plan_needs_no_array() {
        for plans in [r#""TEAMS1""#, r#"["TEAMS1"]"#] {
            let text = format!(r#"{{"sku":"A","disabledPlans":{plans},"enabledPlans":[]}}"#);
            let license: WrittenLicense = serde_json::from_str(&text).unwrap();
            assert_eq!(license.read().unwrap().to_string(), "A without TEAMS1");
        }
    }

    #[test]
    fn one_sku_with_different_plans_contradicts_itself() {
        let contradict = |texts: &[&str]| {
            let licenses: Vec<_> = texts.iter().map(|text| DirectLicense::parse(text).unwrap()).collect();
            contradiction(&licenses).map(|violation| violation.code)
        };
        assert_eq!(contradict(&["A", "B", "a", "A"]), None);
        assert_eq!(contradict(&["A without X", "B", "a without X"]), None);
        assert_eq!(contradict(&["A", "B", "a without X"]), Some(RuleCode::Repeated));
        assert_eq!(contradict(&["A without X", "A with X"]), Some(RuleCode::Repeated));
    }

    #[test]
    fn a_group_is_not_a_license_to_add_or_remove() {
        for text in ["group:Sales", " Group: Sales", "group:", "group:Sales without TEAMS1"] {
            let broken = DirectLicense::parse(text).unwrap_err();
            assert_eq!((broken.code, &*broken.field), (RuleCode::WrongKind, "licenses"), "{text}");
            assert_eq!(SkuRef::parse_direct(text).unwrap_err(), broken);
            let object = format!(r#"{{"sku":"{text}"}}"#);
            let object: WrittenLicense = serde_json::from_str(&object).unwrap();
            assert_eq!(object.read_direct().unwrap_err(), broken);
        }
    }
}
