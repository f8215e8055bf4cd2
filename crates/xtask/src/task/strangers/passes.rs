//! The calls that pass, written down.

use super::Call;
use anyhow::Context as _;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The calls that passed when the file was written, by client.
pub(super) struct Passes {
    path: PathBuf,
    calls: BTreeMap<String, BTreeSet<String>>,
}

/// A call, compared with what is written down.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    AsBefore,
    Regressed,
    New,
}

impl Passes {
    /// Reads `passes.json` of the folder.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("passes.json");
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let calls = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        Ok(Self { path, calls })
    }

    /// Writes down the calls of these clients that pass.
    pub(super) fn write(&mut self, played: &[Call]) -> anyhow::Result<()> {
        for call in played {
            self.calls.remove(&call.client);
        }
        for call in played.iter().filter(|call| call.pass) {
            self.calls.entry(call.client.clone()).or_default().insert(call.call.clone());
        }
        let text = serde_json::to_string_pretty(&self.calls)?;
        Ok(std::fs::write(&self.path, text + "\n")?)
    }

    pub(super) fn judge(&self, call: &Call) -> Verdict {
        let before = self.calls.get(&call.client).is_some_and(|calls| calls.contains(&call.call));
        match (before, call.pass) {
            (true, false) => Verdict::Regressed,
            (false, true) => Verdict::New,
            _ => Verdict::AsBefore,
        }
    }

    /// Calls of the client that passed and were not played.
    pub(super) fn not_played(&self, client: &str, played: &[Call]) -> Vec<&str> {
        let is_played =
            |name: &&String| played.iter().any(|call| call.client == client && call.call == **name);
        let its = self.calls.get(client).into_iter().flatten();
        its.filter(|name| !is_played(name)).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, pass: bool) -> Call {
        let (client, call) = ("x".to_owned(), name.to_owned());
        Call { client, call, expected: String::new(), pass, got: String::new() }
    }

    #[test]
    fn what_passed_must_pass_and_what_newly_passes_is_written_down() {
        let folder = std::env::temp_dir().join(format!("passes-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("passes.json"), r#"{"x": ["a", "gone"]}"#).unwrap();
        let mut passes = Passes::read(&folder).unwrap();
        assert_eq!(passes.judge(&call("a", true)), Verdict::AsBefore);
        assert_eq!(passes.judge(&call("a", false)), Verdict::Regressed);
        assert_eq!(passes.judge(&call("b", true)), Verdict::New);
        assert_eq!(passes.judge(&call("b", false)), Verdict::AsBefore);
        let played = [call("a", true), call("b", true)];
        assert_eq!(passes.not_played("x", &played), ["gone"]);
        passes.write(&played).unwrap();
        let written = Passes::read(&folder).unwrap();
        assert_eq!(written.judge(&call("b", true)), Verdict::AsBefore);
        assert!(written.not_played("x", &played).is_empty());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
