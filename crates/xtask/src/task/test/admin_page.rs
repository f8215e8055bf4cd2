//! The admin page: its tests in Chromium against the simulator.

use super::{in_chromium, node_tests};
use crate::build::npm_package::Package;
use crate::programs::{install, must};
use crate::test_suite::Suite;
use std::path::Path;
use std::process::Command;

/// The servers of Debian that take the header fields in `web/serve/hosts`, by their packages.
const HOSTS: [(&str, &str); 2] = [("nginx-light", "/usr/sbin/nginx"), ("apache2-bin", "/usr/sbin/apache2")];

/// Tests the page that was built with the package.
pub(super) fn suites(root: &Path, package: &Package, built: anyhow::Result<()>) -> Vec<Suite> {
    const NAME: &str = "admin page";
    let headers = ["run", "headers", "--", "--check"];
    let built = built.and_then(|()| must(Command::new("npm").args(headers).current_dir(root.join("web"))));
    let is_built = built.is_ok();
    let build = Suite::check("admin page: build", built);
    if !is_built {
        return vec![build];
    }
    // They wait for pages most of the time.
    vec![build, hosts(root, package), in_chromium(root, package, NAME, "web/tests", 3)]
}

/// The header fields, as hosts send them.
fn hosts(root: &Path, package: &Package) -> Suite {
    const NAME: &str = "admin page: hosts";
    for (debian, program) in HOSTS {
        if !Path::new(program).exists() {
            install(&[debian]);
        }
    }
    if HOSTS.iter().all(|(_, program)| Path::new(program).exists()) {
        node_tests(root, package, NAME, "web/tests/hosts", 1)
    } else {
        Suite::skipped(NAME, "nginx or Apache is missing and can't be installed")
    }
}
