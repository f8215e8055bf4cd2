//! `agentuser sponsored`.

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::output::{Column, Table, plain};
use crate::parse;
use agentuser::{DirectoryObject, ObjectId, Sponsored};
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser sponsored
  agentuser sponsored human1@contoso.com
  agentuser sponsored --json | jq -r '.identityParentId // empty' | agentuser attest -

The list has agent users, agent identities and others, such as blueprints and guests, which the person sponsors directly or as \
a member of a group. With --json each of them is a line. By Microsoft's page only people may ask for it. An application reads the \
sponsors of each agent user by `agentuser sponsor list`.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The person: an object id or a user principal name; the signed-in person, unless given
    #[arg(value_name = "PERSON")]
    person: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let person = arguments.person.as_deref().map(|person| parse::user("person", person)).transpose()?;
    let found = context.finish(context.client()?.sponsored(person)).await?;
    let Sponsored { agent_users, agent_identities, others, .. } = &found;
    if context.output.is_json() {
        context.output.json(agent_users)?;
        context.output.json(agent_identities)?;
        context.output.json(others)?;
    } else if [agent_users.len(), agent_identities.len(), others.len()] == [0; 3] {
        context.output.remark("Nothing is sponsored.");
    } else {
        context.output.text(&table(&found).to_text());
    }
    Ok(Exit::Done)
}

/// The agent users first, then the agent identities, then the others.
fn table(found: &Sponsored) -> Table {
    let mut table = Table::new([
        Column::needed("Type"),
        Column::needed("Display name"),
        Column::optional("User principal name", 2),
        Column::optional("Enabled", 1),
        Column::needed("Id"),
    ]);
    let mut add = |kind: &str,
                   name: Option<&str>,
                   upn: Option<&str>,
                   is_enabled: Option<bool>,
                   id: Option<ObjectId>| {
        table.row([
            plain(kind),
            name.map(plain).unwrap_or_default(),
            upn.map(plain).unwrap_or_default(),
            is_enabled.map_or("", |is_enabled| if is_enabled { "yes" } else { "no" }).to_owned(),
            id.map(|id| id.to_string()).unwrap_or_default(),
        ]);
    };
    for one in &found.agent_users {
        add("agentUser", one.display_name(), one.user_principal_name(), one.account_enabled(), one.id());
    }
    for one in &found.agent_identities {
        add("agentIdentity", one.display_name(), None, one.account_enabled(), one.id());
    }
    for one in &found.others {
        add(kind(one), one.display_name(), one.user_principal_name(), one.account_enabled(), one.id());
    }
    table
}

fn kind(one: &DirectoryObject) -> &str {
    one.odata_type().unwrap_or_default().trim_start_matches("#microsoft.graph.")
}
