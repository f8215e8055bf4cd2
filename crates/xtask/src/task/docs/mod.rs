//! `cargo xtask docs`: writes everything that is generated from code.

mod errors_page;
mod examples;
mod graph_types;
mod settings_page;
mod simulator_page;
mod transliteration_table;

use anyhow::{Context, ensure};
use std::path::Path;

/// The task's arguments.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a file differs from what would be written.
    #[arg(long)]
    check: bool,
}

/// A file that is generated as a whole, by its path in the workspace, and the function that makes its text.
type Generated = (&'static str, fn() -> String);

const GENERATED: &[Generated] = &[
    ("docs/errors.md", errors_page::page),
    ("docs/settings.md", settings_page::page),
    ("docs/simulator.md", simulator_page::page),
    ("docs/schema.json", || format!("{:#}\n", agentuser_core::json::schema())),
    ("crates/simulator/src/directory/schema/types.txt", graph_types::file),
    ("crates/core/src/validate/transliterate/table.rs", transliteration_table::table),
];

/// Fails when a file differs from what would be written.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    run(&Arguments { check: true }, root)
}

/// Writes the files, or checks them.
pub(crate) fn run(arguments: &Arguments, root: &Path) -> anyhow::Result<()> {
    for (name, make) in GENERATED {
        put(root, name, &make(), arguments.check)?;
    }
    for name in examples::READMES {
        let text = examples::filled_in(root, &read(root, name)?).with_context(|| (*name).to_owned())?;
        put(root, name, &text, arguments.check)?;
    }
    Ok(())
}

/// Writes a file, or fails when the committed one has another text.
fn put(root: &Path, name: &str, text: &str, check: bool) -> anyhow::Result<()> {
    if check {
        ensure!(read(root, name)? == text, "{name} is out of date: run `cargo xtask docs`");
        return Ok(());
    }
    let path = root.join(name);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&path, text).with_context(|| format!("cannot write {name}"))
}

/// A file's text, whatever line ends the checkout has.
fn read(root: &Path, name: &str) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(root.join(name)).with_context(|| format!("cannot read {name}"))?;
    Ok(text.replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_files_are_up_to_date() {
        check(crate::root()).unwrap();
    }

    #[test]
    fn a_file_that_drifted_fails_the_check_and_is_written_again() {
        let root = std::env::temp_dir().join(format!("agentuser-docs-{}", std::process::id()));
        let page = errors_page::page();
        put(&root, "docs/errors.md", &page.replace("Cause", "Reason"), false).unwrap();
        let failed = put(&root, "docs/errors.md", &page, true).unwrap_err();
        assert!(failed.to_string().contains("cargo xtask docs"), "{failed}");
        put(&root, "docs/errors.md", &page, false).unwrap();
        put(&root, "docs/errors.md", &page, true).unwrap();
        std::fs::remove_dir_all(root).unwrap();
    }
}
