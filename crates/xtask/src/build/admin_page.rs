//! The admin page as files for a web server, in `web/dist`.

use super::fresh;
use super::npm_package::{PRODUCTS, Package};
use std::path::Path;

const FOLDER: &str = "web";

/// The page's own files that Vite reads.
const SOURCES: [&str; 10] = [
    "crates/wasm/npm/THIRD-PARTY.md",
    "web/index.html",
    "web/package.json",
    "web/package-lock.json",
    "web/public",
    "web/redirect.html",
    "web/serve",
    "web/src",
    "web/tsconfig.json",
    "web/vite.config.ts",
];

/// Builds the page on the package, where it is not there or not fresh.
pub(crate) fn build(root: &Path, package: &Package) -> anyhow::Result<()> {
    package.node.install(root, FOLDER)?;
    fresh::make(root, "admin page", &[&SOURCES[..], &PRODUCTS[..]].concat(), &["web/dist"], || {
        package.node.npm(&root.join(FOLDER), &["run", "build"])
    })
}
