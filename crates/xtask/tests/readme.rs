//! READMEs: each binding has one, the root's is short, and every example program is shown.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod common;

use common::{read, texts};

#[test]
fn the_readme_is_short() {
    let lines = read("README.md").lines().count();
    assert!(lines <= 110, "README.md has {lines} lines: the rest belongs to a binding's README");
}

#[test]
fn every_marked_program_is_shown_by_a_readme() {
    let texts = texts();
    let readmes: Vec<&str> =
        texts.iter().filter(|(name, _)| name.ends_with("README.md")).map(|(_, text)| text.as_str()).collect();
    let is_marked =
        |text: &str| text.lines().any(|line| line.trim_end_matches(" */").ends_with("README: begin"));
    let marked: Vec<&String> = texts
        .iter()
        .filter(|(name, text)| !name.starts_with("crates/xtask/") && is_marked(text))
        .map(|(name, _)| name)
        .collect();
    assert!(marked.len() >= 7, "only {marked:?}");
    for program in marked {
        let comment = format!("\n<!-- {program} -->\n");
        assert!(readmes.iter().any(|readme| readme.contains(&comment)), "no README shows {program}");
    }
}
