//! The program on a terminal of its own.

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::process::{Child, Command};

/// A program whose stdout and stderr are a terminal.
pub(crate) struct Terminal {
    pub(crate) program: Child,
    screen: File,
    shown: Vec<u8>,
}

impl Terminal {
    /// Starts it on a terminal of this size; 0 columns are what a terminal has that nobody told its size.
    pub(crate) fn start(mut command: Command, columns: u16, rows: u16) -> Self {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&controller).unwrap();
        unlockpt(&controller).unwrap();
        let size = Winsize { ws_col: columns, ws_row: rows, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&controller, size).unwrap();
        let name = ptsname(&controller, Vec::new()).unwrap().into_string().unwrap();
        let terminal = || OpenOptions::new().read(true).write(true).open(&name).unwrap();
        let program =
            command.stdin(std::process::Stdio::null()).stdout(terminal()).stderr(terminal()).spawn();
        drop(command);
        Self { program: program.unwrap(), screen: File::from(controller), shown: Vec::new() }
    }

    /// Waits until it has shown this text.
    #[track_caller]
    pub(crate) fn until(&mut self, text: &str) {
        while !String::from_utf8_lossy(&self.shown).contains(text) {
            assert!(self.read(), "{text:?} is not in {:?}", String::from_utf8_lossy(&self.shown));
        }
    }

    /// Its output until its end, without colors and the lines of progress, and its exit code.
    pub(crate) fn end(mut self) -> (String, Option<i32>) {
        while self.read() {}
        let status = self.program.wait().unwrap();
        (plain(&String::from_utf8_lossy(&self.shown)), status.code())
    }

    /// Reads what comes next. The controller fails when the last writer is gone.
    fn read(&mut self) -> bool {
        let mut part = [0; 4096];
        let length = self.screen.read(&mut part).unwrap_or_default();
        self.shown.extend_from_slice(&part[..length]);
        length > 0
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        drop(self.program.kill());
        drop(self.program.wait());
    }
}

/// The text without escape sequences. A line that progress drew over is left out.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' && rest.next_if_eq(&'[').is_some() {
            for c in rest.by_ref() {
                if c.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            out.push(c);
        }
    }
    let lines = out.replace("\r\n", "\n");
    lines.lines().map(|line| format!("{}\n", line.rsplit('\r').next().unwrap_or_default())).collect()
}
