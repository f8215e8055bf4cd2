//! `texts`: the texts of problems, which the npm package loads with the first error.

use agentuser_core::problem::{Code, Entry};
use anyhow::Context as _;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The arguments of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The file, JSON: by code its meaning, its cause, its fix and, where there is one, its evidence.
    output: PathBuf,
}

/// Writes the file.
pub(crate) fn run(Arguments { output }: &Arguments) -> anyhow::Result<()> {
    let texts = |code: &Code| {
        let Entry { meaning, cause, fix, evidence, .. } = *code.entry();
        [meaning, cause, fix].into_iter().chain(evidence).collect()
    };
    let all: BTreeMap<&str, Vec<&str>> = Code::ALL.iter().map(|code| (code.as_str(), texts(code))).collect();
    let json = serde_json::to_vec(&all)?;
    std::fs::write(output, json).with_context(|| format!("cannot write {}", output.display()))
}
