//! The width of terminals.

use std::io::{self, IsTerminal as _};
use terminal_size::{Width, terminal_size_of};

/// The width of a terminal that tells none, as CI runners and containers have them.
const UNKNOWN: usize = 80;

/// The columns of the terminal that stdout is; none where it is a pipe or a file.
pub(crate) fn stdout() -> Option<usize> {
    let stdout = io::stdout();
    stdout.is_terminal().then(|| told(terminal_size_of(&stdout)))
}

/// The columns of the terminal that stderr is; none where it is a pipe or a file.
pub(crate) fn stderr() -> Option<usize> {
    let stderr = io::stderr();
    stderr.is_terminal().then(|| told(terminal_size_of(&stderr)))
}

/// The columns of help, which is wrapped in files, too.
pub(crate) fn help() -> usize {
    told(terminal_size_of(io::stdout())).clamp(40, 110)
}

fn told(size: Option<(Width, terminal_size::Height)>) -> usize {
    let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
    let told = size.map(|(Width(width), _)| usize::from(width)).or_else(columns);
    told.filter(|width| *width > 0).unwrap_or(UNKNOWN)
}
