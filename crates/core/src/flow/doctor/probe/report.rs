//! The report of a probe.

use super::questions::Question;
use serde::Serialize;

/// The answers to the questions of the probe. It has no ids and no names, so that it can be sent to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProbeReport {
    /// The version of the library that asked.
    pub version: &'static str,
    /// The day on which it asked, in UTC.
    pub date: String,
    /// The cloud; none for another endpoint, such as a simulator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud: Option<&'static str>,
    /// Whether the token is of a signed-in person; none where it is opaque.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegated: Option<bool>,
    /// The answers.
    pub answers: Vec<ProbeAnswer>,
    /// The questions that were not asked.
    pub not_asked: Vec<Unasked>,
    /// Whether everything that the probe made is gone; none where it made nothing. An agent user that it could not delete for
    /// ever is in the recycle bin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleaned_up: Option<bool>,
}

/// An answer of Graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProbeAnswer {
    /// The question.
    pub question: Question,
    /// The request that asked: its method and path, with names in place of ids.
    pub request: String,
    /// The status.
    pub status: u16,
    /// The code of the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The message of the error, with ids and names masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The names of the members of the answer, of its first value, and of an error.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// The names of the headers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<String>,
    /// Other facts of the answer, as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tells: Option<String>,
}

/// A question that was not asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Unasked {
    /// The question.
    pub question: Question,
    /// The reason, as a sentence.
    pub reason: String,
}
