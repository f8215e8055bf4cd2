//! The examples that READMEs show: a README names a program in a comment above a code block, and the block holds what
//! that program has between `README: begin` and `README: end`. The tests of each language run the programs.

use anyhow::{Context, bail, ensure};
use std::path::Path;

/// The READMEs, one for each binding.
pub(super) const READMES: &[&str] = &[
    "README.md",
    "crates/cli/README.md",
    "crates/client/README.md",
    "crates/ffi/README.md",
    "crates/wasm/npm/README.md",
    "dotnet/README.md",
    "powershell/README.md",
];

/// The most lines that somebody reads of an example.
const MOST_LINES: usize = 18;

/// The README with the present text of every example that it names.
pub(super) fn filled_in(root: &Path, readme: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        // A comment with blanks, such as one with the options of a simulator, names no program.
        let name = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->"));
        let Some(name) = name.filter(|name| !name.contains(' ')) else { continue };
        let fence = lines.next().filter(|line| line.starts_with("```"));
        let fence = fence.with_context(|| format!("no code block follows the comment that names {name}"))?;
        if !lines.by_ref().any(|line| line == "```") {
            bail!("the code block of {name} has no end");
        }
        let example = example(&super::read(root, name)?).with_context(|| name.to_owned())?;
        text.extend([fence, "\n", &example, "```\n"]);
    }
    Ok(text)
}

/// The lines of a program between the two marks, moved to the margin.
fn example(program: &str) -> anyhow::Result<String> {
    let lines = program.lines().skip_while(|line| !line.contains("README: begin")).skip(1);
    let lines: Vec<&str> = lines.take_while(|line| !line.contains("README: end")).collect();
    ensure!((5..=MOST_LINES).contains(&lines.len()), "it marks {} lines", lines.len());
    let indent =
        lines.iter().filter(|line| !line.is_empty()).map(|line| line.len() - line.trim_start().len());
    let indent = indent.min().unwrap_or_default();
    Ok(lines.iter().map(|line| line.get(indent..).unwrap_or_default().to_owned() + "\n").collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: &str = "use a;\nfn main() {\n    // README: begin\n    a(\n        1,\n\n    );\n    b();\n    // README: end\n}\n";

    #[test]
    fn an_example_is_moved_to_the_margin() {
        assert_eq!(example(PROGRAM).unwrap(), "a(\n    1,\n\n);\nb();\n");
        assert!(example("no marks").is_err());
        assert!(example(&PROGRAM.replace("b();", &"b();\n".repeat(MOST_LINES))).is_err());
    }

    #[test]
    fn a_readme_shows_the_present_text() {
        let root = std::env::temp_dir().join(format!("agentuser-examples-{}", std::process::id()));
        std::fs::create_dir_all(&root).unwrap();
        std::fs::write(root.join("a.rs"), PROGRAM).unwrap();
        let shown = filled_in(&root, "Above\n<!-- a.rs -->\n```rust\nold\n```\nBelow\n").unwrap();
        assert_eq!(shown, "Above\n<!-- a.rs -->\n```rust\na(\n    1,\n\n);\nb();\n```\nBelow\n");
        assert!(filled_in(&root, "<!-- a.rs -->\nno code\n").is_err());
        assert!(filled_in(&root, "<!-- a.rs -->\n```rust\nno end\n").is_err());
        assert!(filled_in(&root, "<!-- b.rs -->\n```rust\n```\n").is_err());
        std::fs::remove_dir_all(root).unwrap();
    }
}
