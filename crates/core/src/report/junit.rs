//! Findings as JUnit XML, for pipelines that show tests: a finding fails, what was not checked or is accepted is skipped.

use super::document::{Document, Group};
use super::escape::{escape, escaped};
use super::findings::{group, located, text};
use super::place::Places;
use serde_json::Value;

/// Writes JUnit XML.
#[derive(Debug)]
pub(super) struct Junit {
    document: Document,
    places: Option<Places>,
}

impl Junit {
    pub(super) fn new(document: Document, places: Option<Places>) -> Self {
        Self { document, places }
    }

    pub(super) fn start(&self, out: &mut String) {
        let count = |wanted: fn(Group) -> bool| {
            let counts = self.document.counts.iter();
            counts.filter(|(group, _)| wanted(*group)).map(|(_, count)| count).sum::<usize>()
        };
        let failures = count(|group| group < Group::Accepted);
        let skipped = count(|group| group >= Group::Accepted);
        let clean: Vec<&Value> = self.document.rules().iter().filter(|rule| is_clean(rule)).collect();
        let tests = failures + skipped + clean.len();
        let seconds =
            self.document.head.took_ms.map(|ms| format!(" time=\"{}.{:03}\"", ms / 1000, ms % 1000));
        let seconds = seconds.unwrap_or_default();
        let numbers = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"");
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        out.push_str(&format!("<testsuites name=\"agentuser audit\" {numbers}{seconds}>\n"));
        out.push_str(&format!(
            "<testsuite name=\"agentuser audit\" {numbers} skipped=\"{skipped}\"{seconds}"
        ));
        if let Some(began) = &self.document.head.made_at {
            out.push_str(&format!(" timestamp=\"{}\"", escaped(began)));
        }
        out.push_str(">\n");
        self.properties(out);
        for rule in clean {
            let id = escaped(text(rule, "/rule"));
            out.push_str(&format!("<testcase classname=\"{id}\" name=\"all agent users\"/>\n"));
        }
    }

    fn properties(&self, out: &mut String) {
        let head = &self.document.head;
        let known = [("tenant", &head.tenant), ("author", &head.author)];
        let known = known.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let known: Vec<_> = known.collect();
        if known.is_empty() {
            return;
        }
        out.push_str("<properties>");
        for (name, value) in known {
            out.push_str(&format!("<property name=\"{name}\" value=\"{}\"/>", escaped(value)));
        }
        out.push_str("</properties>\n");
    }

    pub(super) fn row(&self, finding: &Value, out: &mut String) {
        let name = located(finding).next().unwrap_or_default();
        let (rule, message) = (escaped(text(finding, "/rule")), escaped(text(finding, "/message")));
        out.push_str(&format!("<testcase classname=\"{rule}\" name=\"{}\"", escaped(name)));
        if let Some(places) = &self.places {
            out.push_str(&format!(" file=\"{}\"", escaped(places.uri())));
            if let Some(line) = places.line(located(finding)) {
                out.push_str(&format!(" line=\"{line}\""));
            }
        }
        match group(finding) {
            Group::NotChecked => out.push_str(&format!("><skipped message=\"{message}\"/>")),
            Group::Accepted => {
                let reason = escaped(text(finding, "/accepted/reason"));
                out.push_str(&format!("><skipped message=\"Accepted: {reason}\"/>"));
            }
            _ => {
                let severity = escaped(text(finding, "/severity"));
                out.push_str(&format!("><failure type=\"{severity}\" message=\"{message}\">"));
                escape(text(finding, "/fix"), out);
                out.push_str("</failure>");
            }
        }
        out.push_str("</testcase>\n");
    }

    pub(super) fn end(&self, out: &mut String) {
        out.push_str("</testsuite>\n</testsuites>\n");
    }
}

/// Whether a rule has neither found anything nor left anything unchecked.
fn is_clean(rule: &Value) -> bool {
    let number = |name: &str| rule.get(name).and_then(Value::as_u64);
    number("found") == Some(0) && number("notChecked") == Some(0)
}
