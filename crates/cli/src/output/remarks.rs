//! Remarks on stderr: what is going on, for people; in JSON only what a program should know.

use serde_json::{Value, json};
use std::io::Write as _;

/// Where remarks go. Quiet ones go nowhere.
#[derive(Debug, Clone)]
pub(crate) struct Remarks {
    json: bool,
    quiet: bool,
}

impl Remarks {
    pub(super) fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet }
    }

    /// Whether anybody wants plain remarks.
    pub(super) fn are_wanted(&self) -> bool {
        !self.json && !self.quiet
    }

    /// A remark for people.
    pub(crate) fn say(&self, text: &str) {
        if self.are_wanted() {
            write(text);
        }
    }

    /// Something that happened to the whole program: a line for people, an object for programs.
    pub(crate) fn event(&self, name: &str, text: &str) {
        if self.json {
            self.object(&json!({ "event": name, "message": text }));
        } else {
            write(text);
        }
    }

    /// An object for programs.
    pub(crate) fn object(&self, value: &Value) {
        if self.json {
            write(&value.to_string());
        }
    }
}

/// Where stderr is gone, nobody is there to be told.
fn write(line: &str) {
    drop(writeln!(anstream::stderr(), "{line}"));
}
