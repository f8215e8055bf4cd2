//! One file or folder for each task of `cargo xtask`.

pub(crate) mod bench;
pub(crate) mod demo;
pub(crate) mod docs;
pub(crate) mod fuzz;
pub(crate) mod package;
pub(crate) mod scenarios;
pub(crate) mod strangers;
pub(crate) mod test;
