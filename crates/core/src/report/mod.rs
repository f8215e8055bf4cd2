//! Reports of findings and of lists: one typed document, from which every format is written.
//!
//! A [`Document`] has a head, charts, and [sheets](Sheet) with typed columns. A [`Writer`] writes its text record by record,
//! so that a report needs no more memory than its records; what is not text, a workbook, is written from the same sheets by who
//! has a library for it.

mod cell;
mod csv;
mod document;
mod escape;
mod findings;
mod format;
mod html;
mod junit;
mod place;
mod portal;
mod sarif;
mod users;
mod writer;

pub use cell::{Cell, unix_seconds};
pub use document::{Bar, Column, Document, Figure, Gap, Group, Head, Kind, Sheet, Shown};
pub use findings::{Findings, group};
pub use format::Format;
pub use place::Places;
pub use portal::Link;
pub use users::{ROSTER_COLUMNS, heading, users};
pub use writer::{Options, Writer};
