//! Helpers of the command line's tests.

#![allow(dead_code)]

#[cfg(unix)]
pub(crate) mod certificate;
pub(crate) mod killable;
#[cfg(unix)]
pub(crate) mod pty;
#[cfg(target_os = "linux")]
pub(crate) mod session;
pub(crate) mod simulator;

use assert_cmd::Command;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;

/// A token that must never be seen again.
pub(crate) const TOKEN: &str = "marker-of-a-token-that-nobody-may-see";

/// Where no profiles, no credential store and no browser are.
pub(crate) const NOBODY: [(&str, &str); 4] = [
    ("XDG_CONFIG_HOME", "/nonexistent/config"),
    ("XDG_RUNTIME_DIR", "/nonexistent/run"),
    ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"),
    ("BROWSER", "/nonexistent/browser"),
];

/// The program, in an environment without any of its variables.
pub(crate) fn agentuser(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("agentuser").unwrap();
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AGENTUSER_")) {
        command.env_remove(name);
    }
    command.env("NO_COLOR", "1").env("NO_PROXY", "*").envs(NOBODY).args(arguments);
    command
}

/// The same program with the signals that end it: Ctrl+C is ignored by what a shell runs in its background, a hang-up by what
/// nohup runs, and both by all that those start.
#[cfg(unix)]
pub(crate) fn interruptible(program: &std::process::Command) -> std::process::Command {
    const RESET: &str = "import os, signal, sys; [signal.signal(one, signal.SIG_DFL) for one in (signal.SIGINT, signal.SIGHUP)]; os.execv(sys.argv[1], sys.argv[1:])";
    let mut command = std::process::Command::new("python3");
    command.args(["-c", RESET]).arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        command.env(name, value.unwrap());
    }
    command
}

/// A command line that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// The lines of stdout as JSON.
    pub(crate) fn json(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    /// Checks the exit code and that stderr holds each of these.
    #[track_caller]
    pub(crate) fn failed(&self, code: i32, texts: &[&str]) {
        assert_eq!(self.code, code, "{self:#?}");
        for text in texts {
            assert!(self.stderr.contains(text), "{text:?} is not in {self:#?}");
        }
    }

    /// Checks that it is done, with these on stdout.
    #[track_caller]
    pub(crate) fn done(&self, texts: &[&str]) {
        assert_eq!(self.code, 0, "{self:#?}");
        for text in texts {
            assert!(self.stdout.contains(text), "{text:?} is not in {self:#?}");
        }
    }
}

/// Runs it to its end. The marker token is in nothing it says.
pub(crate) fn end(command: &mut Command) -> Ended {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let ended = Ended {
        code: output.status.code().unwrap(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    };
    for said in [&ended.stdout, &ended.stderr] {
        assert!(!said.contains(TOKEN), "the token is in {said}");
        assert!(!said.contains('\u{1b}'), "an escape sequence is in {said}");
    }
    ended
}

/// Runs it with these arguments and no sign-in.
pub(crate) fn run(arguments: &[&str]) -> Ended {
    end(&mut agentuser(arguments))
}

/// A file of the repository's examples.
pub(crate) fn example(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "examples", name].iter().collect();
    path.to_str().unwrap().to_owned()
}

/// A server that answers every request with these bytes; its origin.
pub(crate) fn server(answer: &'static str) -> String {
    server_by(move |_| answer.to_owned())
}

/// A server that answers each request with what this makes of it; its origin.
pub(crate) fn server_by(answer: impl Fn(&str) -> String + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let answer = answer.clone();
            std::thread::spawn(move || {
                let mut request = [0; 16 * 1024];
                // Requests of these tests fit in one read.
                while let Ok(read @ 1..) = stream.read(&mut request) {
                    let answer = answer(&String::from_utf8_lossy(&request[..read]));
                    if stream.write_all(answer.as_bytes()).is_err() {
                        break;
                    }
                }
            });
        }
    });
    origin
}
