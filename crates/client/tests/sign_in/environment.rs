//! Tests in an environment of their own: the test runs itself again, as a process of its own.

use std::ffi::OsStr;
use std::process::Command;

/// Marks the process that has the environment.
const MARK: &str = "AGENTUSER_TEST_ENVIRONMENT";

/// Whether this process has the environment. Else the test of that name has passed in one that has it; variables without
/// a value are taken out.
pub fn is_set<V: AsRef<OsStr>>(test: &str, variables: &[(&str, Option<V>)]) -> bool {
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args([test, "--exact", "--nocapture"]).env(MARK, "1");
    for (name, value) in variables {
        match value {
            Some(value) => child.env(name, value),
            None => child.env_remove(name),
        };
    }
    let output = child.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, error) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{out}\n{error}");
    assert!(out.contains("1 passed"), "{test} is not the name of the test: {out}");
    false
}
