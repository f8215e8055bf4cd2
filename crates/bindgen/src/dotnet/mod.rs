//! `dotnet`: the C# files that follow from the core's tables.

mod codes;
mod fields;
mod operations;

use crate::generated::File;
use std::path::Path;

/// The arguments of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a file differs from what would be written.
    #[arg(long)]
    check: bool,
}

/// Writes the files, or checks them.
pub(crate) fn run(arguments: &Arguments, root: &Path) -> anyhow::Result<()> {
    for (path, text) in [
        ("dotnet/AgentUser/Model/AgentUserFields.cs", fields::generate()?),
        ("dotnet/AgentUser/Calls/Operations.cs", operations::generate()?),
        ("dotnet/AgentUser/Reports/ProblemCodes.cs", codes::problems()?),
        ("dotnet/AgentUser/Reports/RuleCodes.cs", codes::rules()?),
        ("dotnet/AgentUser/Reports/RemarkCodes.cs", codes::remarks()?),
        ("dotnet/AgentUser/Reports/AuditRules.cs", codes::audit_rules()?),
    ] {
        File { path, command: "dotnet", text }.write_or_check(root, arguments.check)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_files_are_up_to_date() {
        run(&Arguments { check: true }, crate::root()).unwrap();
    }
}
