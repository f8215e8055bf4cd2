//! The files of `--log` and `--record`: a line of JSON for each request and each change, appended.

use crate::options::Connection;
use agentuser::{CancelHandle, Code, Problem, Record, Recording, Run, plain_reason};
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The files, opened when the first run begins.
#[derive(Debug)]
pub(crate) struct Journal {
    log: Option<PathBuf>,
    record: Option<PathBuf>,
    reason: Option<String>,
    failure: Arc<Mutex<Option<Problem>>>,
}

/// An open file. A line that can't be written cancels the run: nothing is to change that nobody can follow.
#[derive(Debug)]
struct Lines {
    path: PathBuf,
    file: File,
    failure: Arc<Mutex<Option<Problem>>>,
    cancel: CancelHandle,
}

impl Journal {
    pub(crate) fn new(options: &Connection) -> Self {
        Self {
            log: options.log.clone(),
            record: options.record.clone(),
            reason: options.reason.clone(),
            failure: Arc::default(),
        }
    }

    /// Lets a run write its records.
    ///
    /// # Errors
    /// When a file can't be opened: nothing is sent then.
    pub(crate) fn keep<I, T>(&self, run: Run<I, T>) -> Result<Run<I, T>, Problem>
    where
        I: Send + 'static,
        T: Send + 'static,
    {
        if self.log.is_none() && self.record.is_none() {
            return Ok(run);
        }
        let mut requests = self.open(self.log.as_deref(), run.cancel_handle())?;
        let mut changes = self.open(self.record.as_deref(), run.cancel_handle())?;
        let recording = Recording {
            requests: requests.is_some(),
            changes: changes.is_some(),
            reason: self.reason.clone(),
        };
        Ok(run.on_record(recording, move |record| {
            let lines = if matches!(record, Record::Change(_)) { &mut changes } else { &mut requests };
            if let Some(lines) = lines {
                lines.write(&record);
            }
        }))
    }

    fn open(&self, path: Option<&Path>, cancel: CancelHandle) -> Result<Option<Lines>, Problem> {
        let Some(path) = path else { return Ok(None) };
        match OpenOptions::new().create(true).append(true).open(path) {
            Ok(file) => {
                let failure = Arc::clone(&self.failure);
                Ok(Some(Lines { path: path.to_owned(), file, failure, cancel }))
            }
            Err(error) => Err(unwritable(path, &error)),
        }
    }

    /// Why a record could not be written; told once.
    pub(crate) fn failure(&self) -> Option<Problem> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Lines {
    /// Writes a record as one line, by one write, so that several programs may append to one file.
    fn write(&mut self, record: &Record) {
        let line = format!("{}\n", record.to_json());
        if let Err(error) = self.file.write_all(line.as_bytes()) {
            let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
            failure.get_or_insert_with(|| unwritable(&self.path, &error));
            self.cancel.cancel();
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Problem {
    let message = format!("The file {} can't be written: {}.", path.display(), plain_reason(error));
    Problem::new(Code::Invalid, message)
        .with_cause("The folder is missing, the file may not be written, or the disk is full.")
        .with_fix(
            "Name a file that can be appended to. Changes that were made stay; run the command again at any time.",
        )
}
