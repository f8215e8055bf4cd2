//! The table of codes: whole, without doubles, and every code can come.

use agentuser_core::problem::{Code, Problem, ProblemKind};
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn every_row_of_the_table_is_whole() {
    for code in Code::ALL {
        let entry = code.entry();
        for text in [entry.meaning, entry.cause, entry.fix] {
            assert!(text.len() > 10 && text.ends_with('.'), "{code}: {text:?}");
        }
        for text in [entry.field, entry.evidence, entry.page].into_iter().flatten() {
            assert!(!text.is_empty(), "{code}");
        }
        if let Some(page) = entry.page {
            assert!(page.starts_with("https://learn.microsoft.com/"), "{code}: {page}");
        }
        assert_eq!(entry.name, code.as_str());
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        let problem = Problem::new(*code, "x");
        assert_eq!((problem.kind(), problem.documentation()), (entry.kind, entry.page), "{code}");
        assert_eq!((entry.kind == ProblemKind::Defect), (*code == Code::Internal), "{code}");
    }
    let mut names: Vec<_> = Code::ALL.iter().map(|c| c.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Code::ALL.len());
}

/// The text of every source file below a folder of the workspace.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("problem/code.rs")
        {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    text
}

/// A code that nothing raises would be a promise of docs/errors.md that is never kept.
#[test]
fn every_code_can_come_or_is_marked_as_not_raised_yet() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text: String =
        ["core", "client", "ffi", "wasm", "cli"].map(|name| sources(&crates.join(name).join("src"))).concat();
    let words = |text: &str| -> BTreeSet<String> {
        text.split("Code::")
            .skip(1)
            .map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned())
            .collect()
    };
    let named = words(&text);
    for code in Code::ALL {
        let entry = code.entry();
        let answers = entry.graph.len() + entry.aadsts.len() + entry.states.len() + entry.statuses.len();
        assert!(entry.later || answers > 0 || named.contains(entry.name), "{code} is raised by nothing");
    }
    let raised = words(&sources(&crates.join("core/src/flow")));
    let early: Vec<_> = Code::ALL.iter().filter(|c| c.entry().later && raised.contains(c.as_str())).collect();
    assert!(early.is_empty(), "marked as not raised yet: {early:?}");
}

#[test]
fn no_number_state_or_status_has_two_codes() {
    let numbers: Vec<_> = Code::ALL.iter().flat_map(|c| c.entry().aadsts).collect();
    let states: Vec<_> = Code::ALL.iter().flat_map(|c| c.entry().states).collect();
    let statuses: Vec<_> = Code::ALL.iter().flat_map(|c| c.entry().statuses).collect();
    for code in Code::ALL {
        for n in code.entry().aadsts {
            assert_eq!(numbers.iter().filter(|m| **m == n).count(), 1, "{n}");
        }
        for s in code.entry().states {
            assert_eq!(states.iter().filter(|t| **t == s).count(), 1, "{s}");
        }
        for s in code.entry().statuses {
            assert_eq!(statuses.iter().filter(|t| **t == s).count(), 1, "{s}");
        }
    }
}
