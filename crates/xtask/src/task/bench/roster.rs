//! An operation's own work for a roster: instructions and memory, for each row and request.

use super::output;
use crate::build::cargo_artifacts;
use crate::programs::ensure_installed;
use anyhow::Context as _;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The table.
pub(super) fn table(root: &Path, rows: &[u32], count_to: u32) -> anyhow::Result<String> {
    let program = cargo_artifacts::bench_program(root, "steps")?;
    let mut lines = vec![
        "## An operation's own work\n".to_owned(),
        "| rows | requests a row | polls a request | instructions a row | a request | a poll | bytes allocated a row \
         | held a row, at most |\n|---|---|---|---|---|---|---|---|"
            .to_owned(),
    ];
    let counts = ensure_installed(&["valgrind"], "valgrind");
    let mut of_row = Vec::new();
    for &rows in rows {
        let plain = output(Command::new(&program).arg(rows.to_string()))?;
        let said: Value = serde_json::from_str(&plain)?;
        let number = |name: &str| {
            let number = said.get(name).and_then(Value::as_f64);
            number.with_context(|| format!("steps says no {name}"))
        };
        let instructions =
            if counts && rows <= count_to { Some(instructions(&program, rows)?) } else { None };
        let per = |divisor: f64| instructions.map_or(String::new(), |all| format!("{:.0}", all / divisor));
        let (rows, requests, polls) = (f64::from(rows), number("requests")?, number("polls")?);
        let (bytes, held) = (number("bytes")? / rows, number("held")? / rows);
        lines.push(format!(
            "| {rows} | {:.2} | {:.2} | {} | {} | {} | {bytes:.0} | {held:.0} |",
            requests / rows,
            polls / requests,
            per(rows),
            per(requests),
            per(polls),
        ));
        of_row.push(OfRow { rows, instructions: instructions.map(|all| all / rows), bytes, held });
    }
    let grown = |of: fn(&OfRow) -> Option<f64>| {
        let mut known = rows_of(&of_row, of);
        let (first, last) = (known.next()?, known.next_back()?);
        Some(format!("{:+.1} % from {} to {} rows", (last.1 / first.1 - 1.0) * 100.0, first.0, last.0))
    };
    let grown = |of| grown(of).unwrap_or_else(|| "unknown".to_owned());
    lines.push(format!(
        "\nWhat a row takes grows: instructions {}; bytes allocated {}; bytes held {}.",
        grown(|row| row.instructions),
        grown(|row| Some(row.bytes)),
        grown(|row| Some(row.held)),
    ));
    Ok(lines.join("\n"))
}

/// The cost of a row in a roster of that size.
struct OfRow {
    rows: f64,
    instructions: Option<f64>,
    bytes: f64,
    held: f64,
}

/// One of the numbers, where it is known, with the roster's size.
fn rows_of(
    of_row: &[OfRow],
    of: fn(&OfRow) -> Option<f64>,
) -> impl DoubleEndedIterator<Item = (f64, f64)> + '_ {
    of_row.iter().filter_map(move |row| Some((row.rows, of(row)?)))
}

/// The instructions of the operation's own calls, under callgrind.
fn instructions(program: &Path, rows: u32) -> anyhow::Result<f64> {
    let file = program.with_extension("callgrind");
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--collect-atstart=no", "--quiet"])
        .args(["--toggle-collect=*operation_poll*", "--toggle-collect=*operation_answer*"])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(program)
        .arg(rows.to_string());
    output(&mut valgrind)?;
    let counted = std::fs::read_to_string(&file)?;
    let total = counted.lines().find_map(|line| line.strip_prefix("totals: ")?.trim().parse().ok());
    total.context("callgrind counted nothing")
}
