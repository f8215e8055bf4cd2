//! A snapshot's file.

use super::snapshot::{KIND, Snapshot, VERSION};
use crate::problem::{Code, Problem};
use crate::validate::date_time;
use serde::Deserialize;
use serde_json::value::RawValue;

/// The most bytes of a snapshot, and of an older audit.
pub(super) const MOST_BYTES: usize = 512 << 20;

/// What the file says it is.
#[derive(Deserialize)]
struct Head<'a> {
    kind: Option<String>,
    version: Option<u64>,
    /// Of the result of an audit: the snapshot in it.
    #[serde(borrow)]
    snapshot: Option<&'a RawValue>,
}

impl Snapshot {
    /// When it was taken, in milliseconds since 1970.
    ///
    /// # Errors
    /// [`Code::SnapshotUnreadable`].
    pub(super) fn taken_ms(&self) -> Result<i64, Problem> {
        let taken = date_time::parse(&self.taken_at).map(|moment| moment.unix_seconds().saturating_mul(1000));
        taken.ok_or_else(|| {
            let message = "The snapshot does not tell when it was taken.";
            Problem::new(Code::SnapshotUnreadable, message).with_field("takenAt")
        })
    }

    /// Reads a snapshot's file, strictly. The result of an audit that has its snapshot is one, too.
    ///
    /// # Errors
    /// [`Code::InputTooLarge`], [`Code::SnapshotUnreadable`], [`Code::SnapshotTooNew`].
    pub fn read(file: &[u8]) -> Result<Self, Problem> {
        if file.len() > MOST_BYTES {
            let message = format!("The snapshot has more than {MOST_BYTES} bytes.");
            return Err(
                Problem::new(Code::InputTooLarge, message).with_fix("Check that it is the right file.")
            );
        }
        let unreadable = |message: String| Problem::new(Code::SnapshotUnreadable, message);
        let file = file.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(file);
        let head = |file| {
            serde_json::from_slice::<Head<'_>>(file)
                .map_err(|error| unreadable(format!("The file is not the JSON of a snapshot: {error}.")))
        };
        let mut file = file;
        let mut told = head(file)?;
        if let (None, Some(snapshot)) = (&told.kind, told.snapshot) {
            file = snapshot.get().as_bytes();
            told = head(file)?;
        }
        if told.kind.as_deref() != Some(KIND) {
            return Err(unreadable(format!("The file is not a snapshot: its member kind is not {KIND}.")));
        }
        match told.version {
            Some(VERSION) => {}
            Some(newer) if newer > VERSION => {
                let message =
                    format!("The snapshot has the version {newer}, and {VERSION} is the newest known.");
                return Err(Problem::new(Code::SnapshotTooNew, message).with_field("version"));
            }
            _ => return Err(unreadable("The snapshot names no version that there is.".to_owned())),
        }
        let snapshot: Self = serde_json::from_slice(file)
            .map_err(|error| unreadable(format!("The snapshot can't be read: {error}.")))?;
        snapshot.taken_ms()?;
        if let Some(id) = snapshot.out_of_order() {
            return Err(unreadable(format!(
                "The rows of the snapshot are not in the order of their ids, at {id}."
            )));
        }
        Ok(snapshot)
    }
}
