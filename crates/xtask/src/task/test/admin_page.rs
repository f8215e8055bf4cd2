//! The admin page: its types, its build, and its tests in Chromium against the simulator.

use super::in_chromium;
use crate::build::npm_package::Package;
use crate::programs::must;
use crate::test_suite::Suite;
use std::path::Path;
use std::process::Command;

/// Builds the page with the package, and tests what was built.
pub(super) fn suites(root: &Path, package: &Package) -> Vec<Suite> {
    const NAME: &str = "admin page";
    let folder = root.join("web");
    let npm = |arguments: &[&str]| must(Command::new("npm").args(arguments).current_dir(&folder));
    let built = npm(&["ci", "--no-audit", "--no-fund"])
        .and_then(|()| npm(&["run", "build"]))
        .and_then(|()| npm(&["run", "headers", "--", "--check"]));
    let is_built = built.is_ok();
    let build = Suite::check("admin page: build", built);
    if !is_built {
        return vec![build];
    }
    // They wait for pages most of the time.
    vec![build, in_chromium(root, package, NAME, "web/tests", 3)]
}
