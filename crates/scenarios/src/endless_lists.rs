//! Lists that a server never ends, by the pages that a client asks for.

use std::collections::{BTreeMap, BTreeSet};

/// The skip tokens of pages that follow a first one and bring nothing: the simulator gives no two lists the same.
const MARK: &str = "$skiptoken=endless-";

/// More pages of one such list than a client reads that ends it in time.
const MOST_PAGES: u32 = 60;

/// The pages of endless lists that a client has read.
#[derive(Debug, Default)]
pub(crate) struct EndlessLists {
    pages: BTreeSet<String>,
    /// How many, by list.
    lists: BTreeMap<String, u32>,
}

impl EndlessLists {
    /// The page of such a list, by the address that a request has.
    pub(crate) fn page(url: &str) -> Option<&str> {
        url.split_once(MARK).map(|(_, page)| page)
    }

    /// Whether a client that ends lists asks for a page.
    ///
    /// # Errors
    /// The reason why not.
    pub(crate) fn may_ask_for(&self, url: &str) -> Result<(), String> {
        let Some(page) = Self::page(url) else { return Ok(()) };
        if self.pages.contains(page) {
            return Err("it was read before".to_owned());
        }
        match self.lists.get(list(page)) {
            Some(read) if *read > MOST_PAGES => Err(format!("{read} pages have brought nothing")),
            _ => Ok(()),
        }
    }

    /// Notes that a page was read.
    pub(crate) fn reads(&mut self, page: Option<String>) {
        let Some(page) = page else { return };
        *self.lists.entry(list(&page).to_owned()).or_default() += 1;
        self.pages.insert(page);
    }
}

/// The list of a page: its name without the page's number.
fn list(page: &str) -> &str {
    page.rsplit_once('-').map_or(page, |(list, _)| list)
}
