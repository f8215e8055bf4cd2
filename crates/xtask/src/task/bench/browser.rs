//! A list in a page of headless Chromium: by the npm package, by Microsoft's JavaScript client, and by `fetch` alone.

use super::page_server::Pages;
use super::{machine, microsoft_clients, output};
use crate::build::cargo_artifacts;
use crate::build::npm_package::Package;
use crate::programs::ensure_installed;
use anyhow::Context;
use std::path::Path;

/// The table.
pub(super) fn table(root: &Path, agent_users: u32, times: usize) -> anyhow::Result<String> {
    let title = format!("## {agent_users} agent users listed in a page");
    let package = match Package::build(root, &cargo_artifacts::command_line(root, true)?)? {
        Ok(package) => package,
        Err(why) => return Ok(format!("{title}\n\nLeft out: {why}.")),
    };
    let peer = match microsoft_clients::javascript(root) {
        Ok(peer) => peer.version,
        Err(why) => return Ok(format!("{title}\n\nLeft out: {why}.")),
    };
    if !ensure_installed(&["chromium"], "chromium") {
        return Ok(format!("{title}\n\nLeft out: Chromium is missing and can't be installed."));
    }
    let pages = Pages::serve(root, &[agent_users])?;
    let endpoint = pages.endpoints().first().context("the tenant has an endpoint")?;
    let load = machine::load();
    let said = output(&mut package.node(&["tests/bench/list-in-browser.mjs", endpoint, &times.to_string()]))?;
    Ok(format!(
        "{title}\n\nMedians of {times} runs in turns, each in a new page; ratios are medians of the pairs. Processor time of the \
         page's main thread. {peer}; load at the start {load}.\n\n{said}"
    ))
}
