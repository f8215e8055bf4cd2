//! Node and npm on PATH.

use super::fresh;
use crate::programs::{has, must};
use std::path::Path;
use std::process::{Command, Stdio};

/// The first Node, major and minor, that Vite builds the admin page with.
const OLDEST: (u32, u32) = (20, 19);

/// Why the npm package and the admin page are left out.
pub(crate) const MISSING: &str = "Node 20.19 or newer, with npm, is not on PATH";

/// A Node that is new enough, and its npm.
pub(crate) struct Node(());

impl Node {
    /// Looks on PATH.
    pub(crate) fn find() -> Option<Self> {
        let output = Command::new("node").arg("--version").stdin(Stdio::null()).output().ok()?;
        let version = version(&String::from_utf8(output.stdout).ok()?)?;
        (version >= OLDEST && has("npm", &["--version"])).then_some(Self(()))
    }

    /// Runs npm in a folder of the project; its failure is an error.
    #[expect(clippy::unused_self, reason = "there is no npm without a Node")]
    pub(crate) fn npm(&self, folder: &Path, arguments: &[&str]) -> anyhow::Result<()> {
        must(Command::new("npm").args(arguments).current_dir(folder))
    }

    /// Installs what the lock file of a folder names, unless it is there.
    pub(crate) fn install(&self, root: &Path, folder: &str) -> anyhow::Result<()> {
        let lists = [format!("{folder}/package.json"), format!("{folder}/package-lock.json")];
        // npm writes this list once all is installed.
        let installed = [format!("{folder}/node_modules/.package-lock.json")];
        let name = format!("packages of {}", folder.replace('/', "-"));
        fresh::make(root, &name, &lists, &installed, || {
            self.npm(&root.join(folder), &["ci", "--no-audit", "--no-fund"])
        })
    }
}

/// Major and minor of `v20.19.0`.
fn version(printed: &str) -> Option<(u32, u32)> {
    let mut numbers = printed.trim().strip_prefix('v')?.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_two_numbers() {
        assert_eq!(version("v20.19.0\n"), Some((20, 19)));
        assert!(version("v18.20.4") < Some(OLDEST) && version("v22.3.0") > Some(OLDEST));
        assert_eq!(version("node"), None);
    }
}
