//! The license of a package, and what its notice must repeat.

use super::Package;
use anyhow::{Context, ensure};
use std::fs;
use std::path::PathBuf;

/// The licenses that what is shipped may have inside, the shortest notice first, and the word in the names of their files.
const PERMITTED: [(&str, &str); 8] = [
    ("MIT", "mit"),
    ("0BSD", "0bsd"),
    ("ISC", "isc"),
    ("BSD-3-Clause", "bsd"),
    ("Zlib", "zlib"),
    ("Unicode-3.0", "unicode"),
    ("BSL-1.0", "boost"),
    ("Apache-2.0", "apache"),
];

/// The terms of MIT, for packages that come without a file of them.
const MIT: &str = include_str!("mit.txt");

/// A notice: a license's text, and whose work is under it.
pub(super) struct Notice {
    pub(super) license: String,
    pub(super) text: String,
    pub(super) copyrights: Vec<String>,
}

impl Notice {
    pub(super) fn of_standard_library() -> Self {
        Self::mit("The Rust Project Contributors")
    }

    fn mit(holder: &str) -> Self {
        let copyrights = vec![format!("Copyright (c) {holder}")];
        Self { license: "MIT".to_owned(), text: MIT.trim_end().to_owned(), copyrights }
    }

    /// Takes a file of a package apart: titles are in the page's own headings, and lines of copyright are listed.
    fn read(license: String, file: &str) -> Self {
        let lines = file.lines().map(|line| line.trim_end().trim_start_matches("# "));
        let lines = lines.filter(|line| !is_title(line));
        let (copyrights, text): (Vec<&str>, Vec<&str>) = lines.partition(|line| is_copyright(line));
        let copyrights = copyrights.into_iter().map(|line| line.trim().to_owned()).collect();
        Self { license, text: text.join("\n").trim_matches('\n').to_owned(), copyrights }
    }

    /// The words of the text: breaks of lines and kinds of quotes make no other license.
    pub(super) fn key(&self) -> String {
        let words = self.text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(" ").to_lowercase()
    }
}

fn is_title(line: &str) -> bool {
    let title = line.trim().trim_end_matches(':').to_lowercase();
    ["mit license", "the mit license", "the mit license (mit)", "isc license", "bsd 3-clause license"]
        .contains(&title.as_str())
}

fn is_copyright(line: &str) -> bool {
    let holder = line.trim().strip_prefix("Copyright ").unwrap_or_default();
    let is_named =
        holder.starts_with(|char: char| char.is_uppercase() || char.is_numeric() || "(©".contains(char));
    // Apache's text ends with a line to be filled in.
    is_named && !holder.contains(['[', '{'])
}

/// The licenses that a package is taken under: one of each choice that its expression leaves.
pub(super) fn permitted(expression: &str) -> anyhow::Result<Vec<&'static str>> {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    let choices = plain.split(" AND ").map(|choice| {
        let offered: Vec<&str> = choice.split(" OR ").map(str::trim).collect();
        let taken = PERMITTED.iter().find(|(license, _)| offered.contains(license));
        taken.map(|(license, _)| *license).with_context(|| format!("the license {choice} is not permitted"))
    });
    choices.collect()
}

/// The notices that a package asks for.
pub(super) fn notices(package: &Package) -> anyhow::Result<Vec<Notice>> {
    let taken = permitted(package.license.as_deref().context("it names no license")?)?;
    let files = files(package)?;
    if files.is_empty() {
        ensure!(taken == ["MIT"] && !package.authors.is_empty(), "it comes without the text of its license");
        return Ok(vec![Notice::mit(&package.authors.join(", "))]);
    }
    let word_of = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        PERMITTED.iter().find(|(_, word)| name.contains(word)).map(|(license, _)| *license)
    };
    let named: Vec<&PathBuf> =
        files.iter().filter(|file| word_of(file).is_some_and(|license| taken.contains(&license))).collect();
    let wanted = if named.len() == taken.len() {
        named
    } else {
        // A file without a license's word may hold several.
        files.iter().filter(|file| word_of(file).is_none_or(|license| taken.contains(&license))).collect()
    };
    ensure!(!wanted.is_empty(), "its files are of other licenses than {taken:?}");
    let mut notices = Vec::new();
    for file in wanted {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let license = word_of(file).map_or_else(|| taken.join(" and "), str::to_owned);
        notices.push(Notice::read(license, &text));
    }
    Ok(notices)
}

/// The files in which packages tell their license, sorted.
fn files(package: &Package) -> anyhow::Result<Vec<PathBuf>> {
    let folder = package.manifest_path.parent().context("a manifest is in a folder")?;
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_license = ["license", "licence", "notice"].iter().any(|begin| name.starts_with(begin));
        if is_license && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_license_of_each_choice_is_taken() {
        assert_eq!(permitted("Apache-2.0 OR MIT").unwrap(), ["MIT"]);
        assert_eq!(permitted("MIT/Apache-2.0").unwrap(), ["MIT"]);
        assert_eq!(permitted("(MIT OR Apache-2.0) AND Unicode-3.0").unwrap(), ["MIT", "Unicode-3.0"]);
        assert_eq!(permitted("GPL-3.0-only OR ISC").unwrap(), ["ISC"]);
        let refused = permitted("MIT AND GPL-3.0-only").unwrap_err().to_string();
        assert_eq!(refused, "the license GPL-3.0-only is not permitted");
    }

    #[test]
    fn texts_that_differ_in_holders_and_line_breaks_are_one() {
        let one = Notice::read(
            "MIT".to_owned(),
            "MIT License\n\nCopyright (c) 2020 A\n\nPermission is\n\"granted\".\n",
        );
        let other =
            Notice::read("MIT".to_owned(), "Copyright 2021 B\nCopyright (c) C\n\nPermission is “granted”.");
        assert_eq!(one.key(), other.key());
        assert_eq!(one.text, "Permission is\n\"granted\".");
        assert_eq!((one.copyrights, other.copyrights.len()), (vec!["Copyright (c) 2020 A".to_owned()], 2));
    }
}
