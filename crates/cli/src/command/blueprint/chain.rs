//! A chain as text.

use crate::output::{Column, Table, note, paragraph, width};
use agentuser::{BlueprintChain, ChainLink, ChainVerdict, LinkState};

/// A row for each object of the chain, then what stands against it, and the verdict.
pub(super) fn text(chain: &BlueprintChain) -> String {
    let mut table = Table::new([
        Column::needed("What"),
        Column::needed("Name"),
        Column::needed("State"),
        Column::optional("Id", 1),
    ]);
    table.row(row("blueprint", &chain.blueprint));
    table.row(row("principal", &chain.principal));
    for one in &chain.identities {
        table.row(row("agent identity", &one.identity));
        if one.agent_user.state != LinkState::None {
            table.row(row("  agent user", &one.agent_user));
        }
    }
    let mut text = table.to_text();
    chain.remarks.iter().for_each(|remark| text.push_str(&note(remark)));
    let verdict = match chain.verdict {
        ChainVerdict::Sound => "The chain is sound.",
        ChainVerdict::Broken => "The chain is broken.",
        _ => "Whether the chain is sound is not known: a part of it could not be read.",
    };
    text.push_str(&paragraph(verdict, width::stdout(), ""));
    text
}

fn row(what: &str, link: &ChainLink) -> [String; 4] {
    let name = link.user_principal_name.as_deref().or(link.display_name.as_deref());
    let id = if what == "blueprint" { link.app_id.or(link.id) } else { link.id };
    [
        what.to_owned(),
        name.unwrap_or_default().to_owned(),
        state(link),
        id.map(|id| id.to_string()).unwrap_or_default(),
    ]
}

fn state(link: &ChainLink) -> String {
    let state = match link.state {
        LinkState::DisabledByMicrosoft => "disabled by Microsoft",
        LinkState::None => "none needed",
        LinkState::NotRead => "not read",
        LinkState::Deleted => "in the recycle bin",
        other => other.as_str(),
    };
    state.to_owned()
}
