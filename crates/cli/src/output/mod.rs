//! Output for people and programs: results on stdout, everything else on stderr.

mod problem;
mod progress;
mod remarks;
mod report;
mod table;
mod text;
pub(crate) mod width;

pub(crate) use progress::Progress;
pub(crate) use remarks::Remarks;
pub(crate) use report::{Verb, line as change, name, note, stage, summary};
pub(crate) use table::{Column, Table};
use text::escaped;
pub(crate) use text::{compact, is_nothing, paragraph, plain, wrapped};

use crate::exit::{Exit, Failure, internal, output_unwritable};
use crate::options::OutputOptions;
use agentuser::{Problem, ProblemKind, Report, Violation};
use serde::Serialize;
use std::cell::RefCell;
use std::io::{self, IsTerminal as _, Write as _};

/// Writes results and problems.
#[derive(Debug)]
pub(crate) struct Output {
    json: bool,
    progress: Progress,
    remarks: Remarks,
    /// The first failure of stdout.
    broken: RefCell<Option<io::Error>>,
    /// The first problem beside the command's result. It is told at the end.
    late: RefCell<Option<Problem>>,
}

impl Output {
    pub(crate) fn new(options: &OutputOptions) -> Self {
        let remarks = Remarks::new(options.json, options.quiet);
        let progress = Progress::new(&remarks, options.quiet);
        Self { json: options.json, progress, remarks, broken: RefCell::new(None), late: RefCell::new(None) }
    }

    /// Whether the output is JSON, for programs.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    pub(crate) fn remarks(&self) -> Remarks {
        self.remarks.clone()
    }

    /// Writes to stdout, above the progress bar. Nothing is written once stdout has failed; the work goes on.
    pub(crate) fn text(&self, text: &str) {
        self.write(text, io::stdout().lock());
    }

    /// Writes to stdout a text with colors, which only a terminal gets.
    pub(crate) fn styled(&self, text: &str) {
        self.write(text, anstream::stdout().lock());
    }

    fn write(&self, text: &str, mut stdout: impl io::Write) {
        let mut broken = self.broken.borrow_mut();
        if broken.is_some() {
            return;
        }
        let written =
            self.progress.suspend(|| stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()));
        *broken = written.err();
    }

    /// Writes CSV to stdout. A terminal does not get characters that it would act on.
    pub(crate) fn csv(&self, lines: &str) {
        if io::stdout().is_terminal() {
            self.text(&lines.lines().map(|line| format!("{}\n", plain(line))).collect::<String>());
        } else {
            self.text(lines);
        }
    }

    /// Writes a line to stdout.
    pub(crate) fn line(&self, line: &str) {
        self.text(&format!("{line}\n"));
    }

    /// Writes each value as a line of JSON to stdout.
    pub(crate) fn json<'a, T: Serialize + 'a>(
        &self,
        values: impl IntoIterator<Item = &'a T>,
    ) -> Result<(), Problem> {
        let mut lines = String::new();
        for value in values {
            lines.push_str(&to_json(value)?);
            lines.push('\n');
        }
        // JSON leaves characters as they are that a terminal acts on.
        let lines = if io::stdout().is_terminal() { escaped(&lines) } else { lines };
        self.text(&lines);
        Ok(())
    }

    /// Writes one value: as JSON, or as the table that `table` makes of it.
    pub(crate) fn one<T: Serialize>(
        &self,
        value: &T,
        table: impl FnOnce(&T) -> Table,
    ) -> Result<(), Problem> {
        if self.json {
            return self.json([value]);
        }
        self.text(&table(value).to_text());
        Ok(())
    }

    /// Writes one value: as JSON, or as the text that `text` makes of it.
    pub(crate) fn value<T: Serialize>(
        &self,
        value: &T,
        text: impl FnOnce(&T) -> String,
    ) -> Result<(), Problem> {
        if self.json {
            return self.json([value]);
        }
        self.text(&text(value));
        Ok(())
    }

    /// Whether stdout is closed, so that reading on is in vain.
    pub(crate) fn is_closed(&self) -> bool {
        self.broken.borrow().is_some()
    }

    /// Sets the next of several objects apart, for people.
    pub(crate) fn gap(&self) {
        if !self.json {
            self.line("");
        }
    }

    /// A remark for people, on stderr.
    pub(crate) fn remark(&self, text: &str) {
        self.progress.suspend(|| self.remarks.say(text));
    }

    /// Writes the report of one agent user, with its problem if it has one.
    pub(crate) fn report(&self, report: &Report, verb: Verb) -> Result<Exit, Problem> {
        if self.json {
            self.json([report])?;
        } else {
            self.text(&report::text(report, verb));
        }
        Ok(match &report.problem {
            Some(problem) => self.problem(problem),
            None => Exit::Done,
        })
    }

    /// Writes a problem to stderr.
    pub(crate) fn problem(&self, problem: &Problem) -> Exit {
        let text = if self.json { json_or_message(problem) } else { problem::text(problem) };
        self.errors(&text);
        Exit::Problem(problem.kind())
    }

    /// Writes the problems of a roster's rows to stderr, equal ones together. As JSON, the reports have them.
    pub(crate) fn row_problems(&self, reports: &[Report]) {
        if !self.json {
            self.errors(&problem::of_rows(reports));
        }
    }

    /// Writes the problem that ended a command.
    pub(crate) fn failure(&self, failure: &Failure) -> Exit {
        let Failure(problem) = failure;
        // As JSON, the problem itself carries the errors of a roster.
        if !self.json {
            self.errors(&self.row_errors(problem));
        }
        self.problem(problem)
    }

    /// The errors of a roster: a line of JSON each, or a table. Where there are more than are listed, the counts of all
    /// follow.
    pub(crate) fn row_errors(&self, problem: &Problem) -> String {
        let (errors, counts) = (problem.row_errors(), problem.row_error_counts());
        if self.json {
            return errors.iter().map(json_or_message).collect();
        }
        let mut table = Table::new([Column::needed("Row")].into_iter().chain(rule_columns()));
        for error in errors {
            let row = error.row.map(|row| row.to_string()).unwrap_or_default();
            table.row([row].into_iter().chain(rule_cells(&error.violation)));
        }
        let mut text = if table.is_empty() { String::new() } else { table.to_text() };
        if !counts.is_empty() {
            let mut table = Table::new([
                Column::needed("Errors"),
                Column::needed("Field"),
                Column::needed("First row"),
                Column::needed("Code"),
            ]);
            for count in counts {
                let (of_rule, first) = (count.count.to_string(), count.first_row.to_string());
                table.row([of_rule, count.field.to_string(), first, count.code.to_string()]);
            }
            text.push('\n');
            text.push_str(&table.to_text());
        }
        text
    }

    /// The broken rules of values that are given on the command line: a line of JSON each, or a table.
    pub(crate) fn violations(&self, violations: &[Violation]) -> String {
        if self.json {
            return violations.iter().map(json_or_message).collect();
        }
        let mut table = Table::new(rule_columns());
        violations.iter().for_each(|violation| table.row(rule_cells(violation)));
        table.to_text()
    }

    fn errors(&self, text: &str) {
        // The exit code still tells of the error when stderr is closed.
        self.progress.suspend(|| drop(anstream::stderr().write_all(text.as_bytes())));
    }

    /// Keeps a problem to the end of the output: the first one is told.
    pub(crate) fn at_end(&self, problem: Option<Problem>) {
        let mut late = self.late.borrow_mut();
        *late = late.take().or(problem);
    }

    /// Ends the output: clears the bar, and reports what else went wrong and a failure of stdout, such as a full disk. A
    /// closed pipe is not a problem.
    pub(crate) fn end(&self, exit: Exit) -> Exit {
        self.progress.rest();
        let late = self.late.take().map(|problem| self.problem(&problem));
        let exit = match exit {
            Exit::Done | Exit::Problem(ProblemKind::Cancelled) => late.unwrap_or(exit),
            exit => exit,
        };
        match self.broken.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                self.problem(&output_unwritable(&error))
            }
            _ => exit,
        }
    }
}

/// The columns of broken rules.
fn rule_columns() -> [Column; 4] {
    [Column::needed("Field"), Column::prose("Error"), Column::prose("Fix"), Column::needed("Code")]
}

/// The cells of a broken rule under those columns.
fn rule_cells(violation: &Violation) -> [String; 4] {
    let Violation { field, message, fix, code, .. } = violation;
    [field.to_string(), message.clone(), fix.clone(), code.to_string()]
}

fn to_json<T: Serialize>(value: &T) -> Result<String, Problem> {
    serde_json::to_string(value)
        .map_err(|error| internal(format!("The result can't be written as JSON: {error}.")))
}

/// A line of JSON; of the reason, where the value has no form in JSON.
fn json_or_message<T: Serialize>(value: &T) -> String {
    let line = to_json(value)
        .unwrap_or_else(|problem| serde_json::json!({ "message": problem.message() }).to_string());
    format!("{line}\n")
}
