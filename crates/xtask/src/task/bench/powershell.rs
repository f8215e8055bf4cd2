//! The PowerShell module in `pwsh`: the times that a person waits for it, beside the aims.

use super::{Module, Topic, output};
use std::path::Path;
use std::process::Command;

/// A table, and the script of `tests/bench` that measures and prints it.
pub(super) struct Table {
    pub(super) topic: Topic,
    title: &'static str,
    script: &'static str,
}

impl Table {
    const fn new(topic: Topic, title: &'static str, script: &'static str) -> Self {
        Self { topic, title, script }
    }

    /// The table as Markdown. The load is of the moment at which it begins, because numbers of one run may be of different loads.
    pub(super) fn measure(
        &self,
        root: &Path,
        module: &Result<Module, &'static str>,
    ) -> anyhow::Result<String> {
        let said = match module {
            Ok(module) => {
                let load = super::machine::load();
                let mut command = if self.script.ends_with(".py") {
                    let mut python = Command::new("python3");
                    python.arg(root.join("tests/bench").join(self.script));
                    python
                } else {
                    module.command(root, self.script)
                };
                format!("{}\n\nLoad at the start: {load}.", output(command.arg(module.folder()))?)
            }
            Err(why) => format!("Left out: {why}."),
        };
        Ok(format!("## {}\n\n{said}", self.title))
    }
}

/// The tables, in the order in which they are printed.
pub(super) static TABLES: [Table; 4] = [
    Table::new(Topic::Import, "Import of the PowerShell module", "import.ps1"),
    Table::new(Topic::Completion, "Completion from a tenant of 100,000 in PowerShell", "completion.ps1"),
    Table::new(Topic::Stop, "Ctrl+C to the prompt of PowerShell", "stop.py"),
    Table::new(Topic::Changes, "1,000 agent users changed from a PowerShell pipeline", "changes.ps1"),
];
