//! The object behind a result handle: JSON, rows and request bodies.

use crate::handle::Handle;
use agentuser_core::json::UserPage;
use serde::Serialize;
use zeroize::Zeroizing;

/// A result, a problem, a page or a step. It never changes, so any number of threads may read it.
#[allow(non_camel_case_types)]
pub struct agentuser_result(());

/// JSON, rows and request bodies, each where there are any.
#[derive(Debug, Default)]
pub(crate) struct ResultData {
    /// The JSON; `None` where the text of the page is the JSON.
    json: Option<String>,
    page: Option<UserPage>,
    /// They may be tokens.
    bodies: Vec<(u64, Zeroizing<Vec<u8>>)>,
}

impl Handle for ResultData {
    type Opaque = agentuser_result;
}

impl ResultData {
    /// JSON that exists already.
    pub(crate) fn of_json(json: impl Into<String>) -> Self {
        Self { json: Some(json.into()), ..Self::default() }
    }

    /// A page, whose text is the JSON.
    pub(crate) fn of_page(page: UserPage) -> Self {
        Self { page: Some(page), ..Self::default() }
    }

    /// A value of texts and numbers, which always have a form in JSON.
    pub(crate) fn of(value: &impl Serialize) -> Self {
        Self::of_json(serde_json::to_string(value).unwrap_or_default())
    }

    /// The same with rows.
    pub(crate) fn with_page(mut self, page: Option<UserPage>) -> Self {
        self.page = page;
        self
    }

    /// The same with request bodies.
    pub(crate) fn with_bodies(mut self, bodies: Vec<(u64, Vec<u8>)>) -> Self {
        self.bodies = bodies.into_iter().map(|(id, body)| (id, Zeroizing::new(body))).collect();
        self
    }

    pub(crate) fn json(&self) -> &str {
        match (&self.json, &self.page) {
            (Some(json), _) => json,
            (None, Some(page)) => page.text(),
            (None, None) => "",
        }
    }

    /// The agent users, where it holds some.
    pub(crate) fn page(&self) -> Option<&UserPage> {
        self.page.as_ref()
    }

    /// The bytes beside the JSON, each with an id: the bodies of requests, the bytes of a demand, a token.
    pub(crate) fn bodies(&self) -> &[(u64, Zeroizing<Vec<u8>>)] {
        &self.bodies
    }
}
