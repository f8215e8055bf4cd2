//! `agentuser sku`.

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::output::Table;
use agentuser::SubscribedSku;

pub(super) async fn run(context: &Context) -> CommandResult {
    let skus = context.finish(context.client()?.skus()).await?;
    if context.output.is_json() {
        context.output.json(&skus)?;
    } else if skus.is_empty() {
        context.output.remark("The tenant has no licenses.");
    } else {
        context.output.text(&table(&skus).to_text());
    }
    Ok(Exit::Done)
}

fn table(skus: &[SubscribedSku]) -> Table {
    let mut table =
        Table::of_records(["Part number", "Free", "Used", "Bought", "Status", "For users", "Id"], 6);
    for sku in skus {
        table.row([
            sku.sku_part_number().unwrap_or_default().to_owned(),
            sku.free_seats().to_string(),
            sku.consumed_units().map(|used| used.to_string()).unwrap_or_default(),
            sku.prepaid_units().map(|units| units.enabled.to_string()).unwrap_or_default(),
            sku.capability_status().unwrap_or_default().to_owned(),
            if sku.is_for_users() { "yes" } else { "no" }.to_owned(),
            sku.sku_id().map(|id| id.to_string()).unwrap_or_default(),
        ]);
    }
    table
}
