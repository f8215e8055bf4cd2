//! One page of a list.

use serde::Deserialize;

/// One page of a list (docs/graph.md#lists). It may be empty and still have a next one.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Page<E> {
    /// The entries.
    pub value: E,
    /// Where the next page is, whole and opaque.
    #[serde(rename = "@odata.nextLink", default)]
    pub next_link: Option<String>,
}
