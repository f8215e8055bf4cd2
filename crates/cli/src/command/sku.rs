//! `agentuser sku`.

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::output::{Column, Table};
use agentuser::{SubscribedSku, product_name};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

pub(super) async fn run(context: &Context) -> CommandResult {
    let skus = context.finish(context.client()?.skus()).await?;
    if context.output.is_json() {
        context.output.json(&skus)?;
    } else if skus.is_empty() {
        context.output.remark("The tenant has no licenses.");
    } else {
        context.output.text(&table(&skus).to_text());
        context.output.remark(
            "Seats are counted for the whole tenant. Whether Graph assigns those in grace is its decision.",
        );
    }
    Ok(Exit::Done)
}

fn table(skus: &[SubscribedSku]) -> Table {
    let mut table = Table::new([
        Column::needed("Part number"),
        Column::optional("Product", 4),
        Column::needed("Free"),
        Column::optional("Used", 1),
        Column::optional("Bought", 2),
        Column::optional("In grace", 3),
        Column::optional("Status", 5),
        Column::optional("For users", 6),
        Column::optional("Id", 7),
    ]);
    for sku in skus {
        let part_number = sku.sku_part_number().unwrap_or_default();
        let units = sku.prepaid_units();
        table.row([
            part_number.to_owned(),
            product_name(part_number).unwrap_or_default().to_owned(),
            sku.free_seats().to_string(),
            sku.consumed_units().map(|used| used.to_string()).unwrap_or_default(),
            units.map(|units| units.enabled.to_string()).unwrap_or_default(),
            units.map(|units| units.warning.to_string()).unwrap_or_default(),
            sku.capability_status().unwrap_or_default().to_owned(),
            if sku.is_for_users() { "yes" } else { "no" }.to_owned(),
            sku.sku_id().map(|id| id.to_string()).unwrap_or_default(),
        ]);
    }
    table
}
