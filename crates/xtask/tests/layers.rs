//! Folders and files of a crate know each other one way: no ring, at any level.
//!
//! The paths that a file names (`crate::…`, `super::…`, `self::…`) are its arrows. A re-export leads to the module that
//! it comes from; a `mod.rs` that re-exports a name and does not use it knows nothing of it. Unit tests may know all.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    unreachable_pub
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A module's path from the crate's root.
type Module = Vec<String>;

/// The sources of a crate: the code of each module without comments, texts and unit tests.
struct Sources {
    code: BTreeMap<Module, String>,
    /// The names that a module brings in by `use`, each with its whole path; `true` for a re-export.
    uses: BTreeMap<Module, Vec<(Vec<String>, String, bool)>>,
}

impl Sources {
    fn new(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut code = BTreeMap::new();
        for (file, text) in files {
            let path = file.strip_suffix(".rs").unwrap();
            let mut module: Module = path.split('/').map(str::to_owned).collect();
            if matches!(module.last().unwrap().as_str(), "mod" | "lib" | "main") {
                module.pop();
            }
            code.insert(module, without_tests(&plain(&text)));
        }
        let uses = code.iter().map(|(module, code)| (module.clone(), uses(code))).collect();
        Self { code, uses }
    }

    fn read(folder: &Path) -> Self {
        let mut files = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                    files.push((name, std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        Self::new(files)
    }

    /// The path from the root, of a path as `from` writes it.
    fn absolute(&self, from: &[String], path: &[String]) -> Option<Module> {
        let mut at = from.to_vec();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" => {
                at.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {}
            first if self.code.contains_key(&[from, &[first.to_owned()]].concat()) => {}
            _ => return None,
        }
        while let Some("super") = rest.first().map(String::as_str) {
            at.pop()?;
            rest = &rest[1..];
        }
        Some([&at, rest].concat())
    }

    /// The module that a path from the root leads to, through re-exports.
    fn target(&self, path: &[String], steps: usize) -> Module {
        let mut at = Module::new();
        for (index, name) in path.iter().enumerate() {
            let child = [&at[..], std::slice::from_ref(name)].concat();
            if self.code.contains_key(&child) {
                at = child;
                continue;
            }
            let exported = self.uses.get(&at).into_iter().flatten().find(|(_, known, _)| known == name);
            if let Some((whole, ..)) = exported
                && steps > 0
                && let Some(whole) = self.absolute(&at, whole)
            {
                return self.target(&[&whole, &path[index + 1..]].concat(), steps - 1);
            }
            break;
        }
        at
    }

    /// For each folder, which of its entries knows which.
    fn arrows(&self) -> BTreeMap<Module, BTreeMap<String, BTreeSet<String>>> {
        let mut arrows: BTreeMap<Module, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
        for (from, code) in &self.code {
            let (code, known) = (without_uses(code), &self.uses[from]);
            let names = names(&code);
            let used = known.iter().filter(|(_, name, exported)| !exported || names.contains(name.as_str()));
            let used = used.map(|(path, ..)| path.clone());
            for path in used.chain(paths(&code)) {
                let Some(path) = self.absolute(from, &path) else { continue };
                let to = self.target(&path, 8);
                let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
                let entry =
                    |module: &Module| module.get(common).cloned().unwrap_or_else(|| "mod.rs".to_owned());
                if entry(from) != entry(&to) {
                    let folder = arrows.entry(from[..common].to_vec()).or_default();
                    folder.entry(entry(from)).or_default().insert(entry(&to));
                }
            }
        }
        arrows
    }

    /// Every pair of entries of a folder that know each other, directly or by way of others.
    fn rings(&self) -> Vec<String> {
        let mut rings = Vec::new();
        for (folder, arrows) in self.arrows() {
            for (from, known) in &arrows {
                for to in known.iter().filter(|to| reach(&arrows, to).contains(from)) {
                    rings.push(format!("{}: {from} -> {to}", folder.join("/")));
                }
            }
        }
        rings
    }
}

/// The entries that an entry knows, directly or by way of others.
fn reach<'a>(arrows: &'a BTreeMap<String, BTreeSet<String>>, from: &'a String) -> BTreeSet<&'a String> {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(entry) = next.pop() {
        next.extend(arrows.get(entry).into_iter().flatten().filter(|to| seen.insert(*to)));
    }
    seen
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The code without comments and texts.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(raw) = rest.strip_prefix("r#\"") {
            raw.find("\"#").map_or(rest.len(), |end| end + 5)
        } else if c == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            end.map_or(rest.len(), |end| end + 2)
        } else if let Some(quoted) =
            ["'\"'", "'\\''", "'{'", "'}'", "'/'"].iter().find(|q| rest.starts_with(**q))
        {
            quoted.len()
        } else {
            out.push(c);
            c.len_utf8()
        };
        rest = &rest[skipped..];
    }
    out
}

/// The code without its unit tests.
fn without_tests(code: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        out.push_str(&rest[..at]);
        let mut depth = 0_usize;
        let end = rest[at..].find(|c| match c {
            '{' => {
                depth += 1;
                false
            }
            '}' => {
                depth -= 1;
                depth == 0
            }
            ';' => depth == 0,
            _ => false,
        });
        rest = &rest[end.map_or(rest.len(), |end| at + end + 1)..];
    }
    out + rest
}

/// Where the `use` statements are.
fn use_statements(code: &str) -> Vec<(usize, usize)> {
    let starts = code.match_indices("use ").filter(|(at, _)| {
        let before = code[..*at].trim_end().rsplit([';', '{', '}', ']']).next();
        let before = before.unwrap().trim();
        before.is_empty() || before.starts_with("pub")
    });
    starts.map(|(at, _)| (at, at + code[at..].find(';').unwrap())).collect()
}

fn without_uses(code: &str) -> String {
    let mut code = code.to_owned();
    for (from, to) in use_statements(&code).into_iter().rev() {
        code.replace_range(from..to, "");
    }
    code
}

/// Every path that is brought in, its name, and whether it is a re-export.
fn uses(code: &str) -> Vec<(Vec<String>, String, bool)> {
    let mut found = Vec::new();
    for (from, to) in use_statements(code) {
        let before = code[..from].trim_end();
        let exported = before.ends_with("pub") || before.ends_with(')');
        let mut tree = Vec::new();
        expand(&[], code[from + 4..to].trim(), &mut tree);
        found.extend(tree.into_iter().map(|(path, name)| (path, name, exported)));
    }
    found
}

/// The paths of a tree of `use`.
fn expand(before: &[String], tree: &str, found: &mut Vec<(Vec<String>, String)>) {
    let tree = tree.trim();
    if let Some((start, group)) = tree.split_once('{') {
        let start = start.trim().trim_end_matches("::").split("::").filter(|name| !name.is_empty());
        let before: Vec<String> =
            before.iter().cloned().chain(start.map(|name| name.trim().to_owned())).collect();
        let group = group.trim().strip_suffix('}').unwrap();
        let (mut depth, mut from) = (0, 0);
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    expand(&before, &group[from..at], found);
                    from = at + 1;
                }
                _ => {}
            }
        }
        expand(&before, &group[from..], found);
    } else if !tree.is_empty() {
        let (path, name) = tree.split_once(" as ").unwrap_or((tree, ""));
        let mut path: Vec<String> =
            before.iter().cloned().chain(path.split("::").map(|name| name.trim().to_owned())).collect();
        if path.len() > 1 && matches!(path.last().unwrap().as_str(), "self" | "*") {
            path.pop();
        }
        let name = if name.is_empty() { path.last().unwrap().clone() } else { name.trim().to_owned() };
        found.push((path, name));
    }
}

/// The names that code uses: types, constants, and functions and modules where they are called and entered.
fn names(code: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut rest = code;
    let mut before = "";
    while let Some(from) = rest.find(is_name) {
        let length = rest[from..].find(|c| !is_name(c)).unwrap_or(rest.len() - from);
        let (between, name, after) = (&rest[..from], &rest[from..from + length], &rest[from + length..]);
        let declared = matches!(before, "fn" | "mod") || between.ends_with('.');
        let entered = after.starts_with(['(', '!']) || after.starts_with("::");
        if !declared && (entered || name.starts_with(char::is_uppercase)) {
            names.insert(name);
        }
        (before, rest) = (name, after);
    }
    names
}

/// The paths in code that begin with `crate`, `super` or `self`.
fn paths(code: &str) -> Vec<Vec<String>> {
    let is_part = |c: char| is_name(c) || c == ':';
    let words = code.split(|c: char| !is_part(c)).filter(|word| word.contains("::"));
    let paths = words.map(|word| word.split("::").map(str::to_owned).collect::<Vec<_>>());
    paths.filter(|path| matches!(path[0].as_str(), "crate" | "super" | "self")).collect()
}

fn of_crate(name: &str) -> Sources {
    Sources::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src"))
}

#[test]
fn no_folder_and_no_file_is_in_a_ring() {
    for name in ["core", "client", "ffi", "cli"] {
        let rings = of_crate(name).rings();
        assert!(rings.is_empty(), "crates/{name}/src has rings:\n{}", rings.join("\n"));
    }
}

#[test]
fn rings_are_found() {
    let rings = |files: &[(&str, &str)]| {
        Sources::new(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))).rings()
    };
    let root = ("lib.rs", "pub mod a; mod b; pub use b::B;");
    // Two folders, by a `use`, by a path in code, and through a re-export.
    assert_eq!(
        rings(&[root, ("a/mod.rs", "mod x;"), ("a/x.rs", "use crate::b::B;"), ("b.rs", "struct B;")]),
        [""; 0]
    );
    for a in
        ["use crate::{b::{B}};", "fn a() { crate::b::f() }", "use crate::B;", "use super::super::b::B as C;"]
    {
        let found = rings(&[root, ("a/mod.rs", "mod x;"), ("a/x.rs", a), ("b.rs", "use crate::a::x;")]);
        assert_eq!(found, [": a -> b", ": b -> a"], "{a}");
    }
    // A ring of three files in a folder.
    let folder = ("a/mod.rs", "mod x; mod y; mod z; pub use x::X;");
    let files =
        [folder, ("a/x.rs", "use super::y::Y;"), ("a/y.rs", "use crate::a::z;"), ("a/z.rs", "use super::X;")];
    assert_eq!(rings(&files), ["a: x -> y", "a: y -> z", "a: z -> x"]);
    // A `mod.rs` that uses what it re-exports.
    let user = ("a/mod.rs", "mod x; pub use x::X; pub struct A(X);");
    assert_eq!(rings(&[user, ("a/x.rs", "use super::A;")]), ["a: mod.rs -> x", "a: x -> mod.rs"]);
    assert_eq!(rings(&[folder, ("a/x.rs", "use super::A;")]), [""; 0]);
    // Comments, texts and unit tests are not arrows.
    let quiet =
        "// use crate::b;\n#[cfg(test)]\nmod tests { use crate::b; }\nconst T: &str = \"crate::b::f\";";
    assert_eq!(rings(&[root, ("a/mod.rs", quiet), ("b.rs", "use crate::a::A;")]), [""; 0]);
}
