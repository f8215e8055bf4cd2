//! Pages hold together: every link and every cited heading leads somewhere, and nothing cites what a clone does not have.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod common;

use common::{files, read, root, texts};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

/// A Markdown page.
struct Page {
    headings: BTreeSet<String>,
    /// Where its links lead, as written.
    links: Vec<String>,
    /// The names that `[text][name]` uses, and those that `[name]: target` defines.
    uses: BTreeSet<String>,
    defines: BTreeSet<String>,
}

impl Page {
    fn of(text: &str) -> Self {
        let mut page = Self {
            headings: BTreeSet::new(),
            links: Vec::new(),
            uses: BTreeSet::new(),
            defines: BTreeSet::new(),
        };
        let mut times = BTreeMap::new();
        let mut prose = String::new();
        let mut is_code = false;
        for line in text.lines() {
            if line.trim_start().starts_with("```") {
                is_code = !is_code;
            } else if is_code {
            } else if let Some(heading) =
                line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#'))
            {
                let anchor = anchor(heading);
                let earlier = times.entry(anchor.clone()).and_modify(|times| *times += 1).or_insert(0);
                let suffix = if *earlier > 0 { format!("-{earlier}") } else { String::new() };
                page.headings.insert(anchor + &suffix);
            } else if let Some((name, target)) = definition(line) {
                page.defines.insert(name.to_owned());
                page.links.push(target.to_owned());
            } else {
                prose.push_str(line);
                prose.push('\n');
            }
        }
        let prose = without_code(&prose);
        let parts = |mark| prose.split(mark).skip(1);
        page.links.extend(parts("](").filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())));
        page.uses.extend(parts("][").filter_map(|rest| Some(rest.split_once(']')?.0.to_owned())));
        page
    }
}

/// `[name]: target`.
fn definition(line: &str) -> Option<(&str, &str)> {
    let (name, target) = line.strip_prefix('[')?.split_once("]: ")?;
    Some((name, target.trim()))
}

/// The text without what stands between backticks.
fn without_code(text: &str) -> String {
    text.split('`').step_by(2).collect()
}

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => assert!(plain.pop(), "{} leaves the repository", path.display()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

fn pages() -> BTreeMap<PathBuf, Page> {
    let pages = texts().into_iter().filter(|(name, _)| name.ends_with(".md"));
    pages.map(|(name, text)| (PathBuf::from(name), Page::of(&text))).collect()
}

/// The text that follows `before` wherever it stands, up to the first character that is not the name's.
fn names_after<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    text.split(before).skip(1).filter_map(move |rest| rest.split(ends).next())
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let pages = pages();
    assert!(pages.len() >= 15, "only {} pages", pages.len());
    for (name, page) in &pages {
        let shown = name.display();
        for link in page.links.iter().filter(|link| !link.contains("://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target =
                if file.is_empty() { name.clone() } else { plain(&name.parent().unwrap().join(file)) };
            assert!(root().join(&target).exists(), "{shown} links to {link}");
            if let (false, Some(target)) = (heading.is_empty(), pages.get(&target)) {
                assert!(target.headings.contains(heading), "{shown} links to {link}: no such heading");
            }
        }
        assert_eq!(page.uses, page.defines, "{shown}: links by name, and their definitions");
    }
}

#[test]
fn every_source_that_a_page_names_is_there() {
    let files = files();
    let mut named = 0;
    for (page, text) in texts() {
        // The changelog may name what is gone.
        if !page.ends_with(".md") || page == "CHANGELOG.md" {
            continue;
        }
        let code = text.split('`').skip(1).step_by(2);
        for path in code.filter(|code| code.ends_with(".rs") && !code.contains(char::is_whitespace)) {
            named += 1;
            let end = format!("/{path}");
            let is_there = files.iter().any(|file| file == path || file.ends_with(&end));
            assert!(is_there, "{page} names {path}");
        }
    }
    assert!(named > 10, "only {named} sources are named");
}

#[test]
fn every_cited_heading_is_there() {
    let pages = pages();
    let mut cited = 0;
    for (name, text) in texts() {
        for (page, found) in pages.iter().filter(|(page, _)| page.starts_with("docs")) {
            let cited_here = format!("{}#", page.display());
            // Code that puts an address together ends here.
            for heading in names_after(&text, &cited_here).filter(|heading| !heading.is_empty()) {
                cited += 1;
                assert!(found.headings.contains(heading), "{name} cites {}#{heading}", page.display());
            }
        }
    }
    assert!(cited > 100, "only {cited} citations were found");
}

#[test]
fn nothing_cites_what_a_clone_does_not_have() {
    let outside = concat!("../", "shared");
    for (name, text) in texts() {
        assert!(!text.contains('\u{a7}'), "{name} cites a numbered section of some other document");
        let may = name == ".ci/run";
        assert!(may || !text.contains(outside), "{name} names {outside}");
    }
}

#[test]
fn every_switch_of_the_simulator_has_its_row() {
    let code = read("crates/simulator/src/switches.rs");
    let fields = code.split_once("pub struct Switches {").unwrap().1.split_once("\n}").unwrap().0;
    let switches: Vec<&str> = names_after(fields, "    pub ").collect();
    assert!(switches.len() >= 20, "only {switches:?}");
    let page = read("docs/graph.md");
    for switch in switches {
        assert!(page.contains(&format!("\n| `{switch}` |")), "docs/graph.md does not tell of {switch}");
    }
}

#[test]
fn a_page_is_read_as_it_is_shown() {
    let page = Page::of(
        "# A `name`, and more\n[one](x.md#y) and `[none](z)` and [two][t]\n## Two\n```\n# none\n[no](no)\n```\n## Two\n[t]: w.md\n",
    );
    let headings: Vec<&str> = page.headings.iter().map(String::as_str).collect();
    assert_eq!(headings, ["a-name-and-more", "two", "two-1"]);
    assert_eq!(page.links, ["w.md", "x.md#y"]);
    assert_eq!((page.uses, page.defines), (["t".to_owned()].into(), ["t".to_owned()].into()));
}
