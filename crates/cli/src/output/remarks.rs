//! Remarks on stderr, for people; as JSON, only events that a program should know of.

use super::text::paragraph;
use super::width;
use agentuser::Event;
use serde_json::{Value, json};
use std::io::Write as _;

/// Writes remarks, unless they are quiet.
#[derive(Debug, Clone)]
pub(crate) struct Remarks {
    json: bool,
    quiet: bool,
}

impl Remarks {
    pub(super) fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet }
    }

    /// Progress, as a program reads it.
    pub(super) fn progress(&self, event: &Event) {
        if self.json && !self.quiet {
            write(&format!("{}\n", serde_json::to_string(event).unwrap_or_default()));
        }
    }

    /// Whether plain remarks are written.
    pub(super) fn are_wanted(&self) -> bool {
        !self.json && !self.quiet
    }

    /// A remark for people.
    pub(crate) fn say(&self, text: &str) {
        if self.are_wanted() {
            write(&paragraph(text, width::stderr(), ""));
        }
    }

    /// A warning: a remark for people, an object for programs.
    pub(crate) fn warn(&self, name: &str, text: &str) {
        self.say(text);
        self.object(&json!({ "event": name, "message": text }));
    }

    /// An event of the whole program: a line for people, an object for programs.
    pub(crate) fn event(&self, name: &str, text: &str) {
        if self.json {
            self.object(&json!({ "event": name, "message": text }));
        } else {
            write(&paragraph(text, width::stderr(), ""));
        }
    }

    /// Text that a person must see, also with `--quiet`: paragraphs for people, an object with these members
    /// for programs.
    pub(super) fn prompt(&self, name: &str, paragraphs: &[&str], members: &Value) {
        if self.json {
            let mut object = json!({ "event": name, "message": paragraphs.join(" ") });
            if let (Some(object), Some(members)) = (object.as_object_mut(), members.as_object()) {
                object.extend(members.clone());
            }
            self.object(&object);
        } else {
            paragraphs.iter().for_each(|text| write(&paragraph(text, width::stderr(), "")));
        }
    }

    /// An object for programs.
    pub(crate) fn object(&self, value: &Value) {
        if self.json {
            write(&format!("{value}\n"));
        }
    }
}

/// A closed stderr loses the text.
fn write(text: &str) {
    drop(anstream::stderr().write_all(text.as_bytes()));
}
