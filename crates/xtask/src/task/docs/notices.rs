//! The notices of the crates that are compiled into what is shipped, as their licenses ask for.

mod license;

use anyhow::{Context, ensure};
use license::Notice;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A page with a part of notices, and the packages that its readers get, each compiled for these targets.
struct Page {
    file: &'static str,
    packages: &'static [&'static str],
    targets: &'static [&'static str],
}

/// The name of the part.
const PART: &str = "crates";

const PAGES: [Page; 2] = [
    Page {
        file: "THIRD-PARTY.md",
        packages: &["agentuser-cli", "agentuser-ffi"],
        targets: &["x86_64-unknown-linux-gnu", "x86_64-pc-windows-gnu", "aarch64-apple-darwin"],
    },
    Page {
        file: "crates/wasm/npm/THIRD-PARTY.md",
        packages: &["agentuser-wasm", "agentuser-wasm-simulator"],
        targets: &["wasm32-unknown-unknown"],
    },
];

/// The source of `validate/transliterate/table.rs`, which holds its spellings: no cargo tree names it.
const TABLE: &str = "any_ascii";

/// A package by name and version.
type Id = (String, String);

/// A package as `cargo metadata` knows it.
#[derive(Deserialize)]
pub(super) struct Package {
    name: String,
    version: String,
    /// The registry; packages of this workspace have none.
    source: Option<String>,
    license: Option<String>,
    authors: Vec<String>,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// The pages, with the texts of their parts of that name.
pub(super) fn parts(
    root: &Path,
) -> impl Iterator<Item = anyhow::Result<(&'static str, &'static str, String)>> {
    let packages = packages(root);
    PAGES.iter().map(move |page| {
        let packages = packages.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))?;
        Ok((page.file, PART, part(root, page, packages)?))
    })
}

/// The packages of the lock file that any of the targets needs.
fn packages(root: &Path) -> anyhow::Result<Vec<Package>> {
    let mut arguments = vec!["metadata", "--locked", "--format-version", "1"];
    for target in PAGES.iter().flat_map(|page| page.targets) {
        arguments.extend(["--filter-platform", target]);
    }
    let metadata: Metadata = serde_json::from_slice(&cargo(root, &arguments)?)?;
    Ok(metadata.packages)
}

/// The notices of a page: each license's text once, below the crates that are under it.
fn part(root: &Path, page: &Page, packages: &[Package]) -> anyhow::Result<String> {
    let mut wanted = BTreeSet::new();
    for package in page.packages {
        for target in page.targets {
            wanted.extend(compiled_in(root, package, target)?);
        }
    }
    let is_wanted = |package: &Package| {
        package.name == TABLE || wanted.contains(&(package.name.clone(), package.version.clone()))
    };
    let mut by_text: BTreeMap<(String, String), (String, Vec<String>)> = BTreeMap::new();
    let mut add = |whose: &str, notice: Notice| {
        let holders = notice.copyrights.iter().map(|line| format!("; {line}")).collect::<String>();
        let key = notice.key();
        let (_, lines) = by_text.entry((notice.license, key)).or_insert_with(|| (notice.text, Vec::new()));
        lines.push(format!("- {whose}{holders}\n"));
    };
    add("the Rust standard library", Notice::of_standard_library());
    for package in packages.iter().filter(|package| package.source.is_some() && is_wanted(package)) {
        let Package { name, version, .. } = package;
        let notices = license::notices(package).with_context(|| format!("{name} {version}"))?;
        notices.into_iter().for_each(|notice| add(&format!("{name} {version}"), notice));
    }
    let sections = by_text.into_iter().map(|((license, _), (text, lines))| {
        format!("## {license}\n\n{}\n```text\n{text}\n```\n\n", lines.concat())
    });
    Ok(sections.collect::<String>().trim_end().to_owned() + "\n")
}

/// The packages that are compiled into one for a target: not those that run at build time.
fn compiled_in(root: &Path, package: &str, target: &str) -> anyhow::Result<Vec<Id>> {
    let arguments = ["tree", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "none"];
    let of = ["--format", "{p}", "--package", package, "--target", target];
    let tree = String::from_utf8(cargo(root, &[&arguments[..], &of[..]].concat())?)?;
    let ids = tree.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some((words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned()))
    });
    Ok(ids.collect())
}

fn cargo(root: &Path, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo {} failed: {said}", arguments.join(" "));
    Ok(output.stdout)
}
