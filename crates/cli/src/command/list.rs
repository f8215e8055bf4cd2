//! `agentuser list`.

mod columns;
mod writer;

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::parse;
use crate::report_files::{ReportFiles, ReportOptions, head_of};
use agentuser::core::report::{Head, Options, users};
use agentuser::{Client, Cloud, Filter, FilteredMember, ListQuery, Problem, SkuRef, SubscribedSku, find_sku};
use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use columns::{Column, Columns};
use writer::{Wanted, Writer};

const EXAMPLES: &str = "\
Examples:
  agentuser list
  agentuser list --disabled --name-starts-with Sales
  agentuser list --department Sales --license AGENT_365 --csv > sales.csv
  agentuser list --columns displayName,department,licenses --sort department
  agentuser list --report agents.xlsx --report agents.html
  agentuser list --json | jq -r .userPrincipalName
  agentuser list --deleted

Pages are printed as they come, so a tenant with many thousands of agent users needs no more memory than one with a \
few. --sort reads all of them first, because Graph sorts by two members alone. On a narrow terminal the columns that \
matter least are left out; those of --columns stay.

CSV has each value as it is, so that a roster is made of it. With --formula-safe, what begins with =, +, -, @, a tab or a \
return gets an apostrophe before it, so that a spreadsheet does not take it for a formula; a roster that is read takes it off \
again.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// List those in the recycle bin
    #[arg(long, conflicts_with_all = [
        "enabled", "disabled", "name_starts_with", "upn_starts_with", "parent", "department", "usage_location",
        "job_title", "employee_id", "city", "state", "country", "license", "page_size",
    ])]
    deleted: bool,
    /// The columns, separated by commas: Graph's names of members, and licenses for the names of SKUs
    #[arg(long, value_name = "MEMBERS", value_delimiter = ',', value_parser = Column::parse, conflicts_with = "json")]
    columns: Vec<Column>,
    /// Sort by a member
    #[arg(long, value_name = "MEMBER", value_parser = Column::parse)]
    sort: Option<Column>,
    /// Sort in the opposite order
    #[arg(long, requires = "sort")]
    descending: bool,
    /// Print CSV: Graph's names of members, and a line for each agent user
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// In CSV: put an apostrophe before what a spreadsheet would take for a formula
    #[arg(long)]
    formula_safe: bool,
    /// Agent users per page
    #[arg(long, value_name = "N", default_value_t = ListQuery::default().page_size, value_parser = clap::value_parser!(u16).range(1..=999))]
    page_size: u16,
    #[command(flatten)]
    reports: ReportOptions,
    #[command(flatten)]
    filters: Filters,
}

/// The conditions that Graph can check; all of them must hold.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filters")]
struct Filters {
    /// Only those that can sign in
    #[arg(long, conflicts_with = "disabled")]
    enabled: bool,
    /// Only those that can't sign in
    #[arg(long)]
    disabled: bool,
    /// Only those whose display name begins with this
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    name_starts_with: Option<String>,
    /// Only those whose user principal name begins with this
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    upn_starts_with: Option<String>,
    /// Only the one of this agent identity
    #[arg(long, value_name = "ID")]
    parent: Option<String>,
    /// Only those with this license: a SKU's part number or id
    #[arg(long, value_name = "SKU", value_parser = NonEmptyStringValueParser::new())]
    license: Option<String>,
    /// Only those of this department
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    department: Option<String>,
    /// Only those with this usage location
    #[arg(long, value_name = "CODE", value_parser = NonEmptyStringValueParser::new())]
    usage_location: Option<String>,
    /// Only those with this job title
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    job_title: Option<String>,
    /// Only those with this employee id
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    employee_id: Option<String>,
    /// Only those in this city
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    city: Option<String>,
    /// Only those in this state or province
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    state: Option<String>,
    /// Only those in this country
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    country: Option<String>,
}

impl Filters {
    fn get(&self, skus: &[SubscribedSku]) -> Result<Vec<Filter>, Problem> {
        let mut filters = Vec::new();
        if let Some(parent) = &self.parent {
            filters.push(Filter::Parent(parse::id("identityParentId", parent)?));
        }
        if self.enabled || self.disabled {
            filters.push(Filter::AccountEnabled(self.enabled));
        }
        filters.extend(self.name_starts_with.clone().map(Filter::DisplayNameStartsWith));
        filters.extend(self.upn_starts_with.clone().map(Filter::UserPrincipalNameStartsWith));
        let texts = [
            (FilteredMember::Department, &self.department),
            (FilteredMember::UsageLocation, &self.usage_location),
            (FilteredMember::JobTitle, &self.job_title),
            (FilteredMember::EmployeeId, &self.employee_id),
            (FilteredMember::City, &self.city),
            (FilteredMember::State, &self.state),
            (FilteredMember::Country, &self.country),
        ];
        filters.extend(
            texts.into_iter().filter_map(|(member, text)| Some(Filter::Equals(member, text.clone()?))),
        );
        if let Some(license) = &self.license {
            filters.push(Filter::License(find_sku(skus.to_vec(), &SkuRef::parse(license.trim()))?));
        }
        Ok(filters)
    }
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    if let Some(parent) = &arguments.filters.parent {
        parse::id("identityParentId", parent)?;
    }
    let client = context.client()?;
    let columns = |data| Columns::new(arguments.columns.clone(), arguments.deleted, data);
    let (columns, reported) = (columns(arguments.csv), columns(true));
    let is_reported = !arguments.reports.is_empty();
    let reports = reports(context, &client, arguments, &reported).await?;
    let sort = arguments.sort.clone().map(|column| (column, arguments.descending));
    let names_licenses = columns.need_skus()
        || is_reported && reported.need_skus()
        || arguments.sort == Some(Column::Licenses);
    let named = arguments.filters.license.is_some() || names_licenses;
    let skus = if named { context.finish(client.skus()).await? } else { Vec::new() };
    let of_reports = reported.members().filter(|_| is_reported);
    let query = ListQuery {
        filters: arguments.filters.get(&skus)?,
        page_size: arguments.page_size,
        select: columns
            .members()
            .chain(of_reports)
            .chain(arguments.sort.as_ref().and_then(Column::member))
            .collect(),
    };
    let run = if arguments.deleted { client.list_deleted() } else { client.list(query) };
    let wanted = Wanted {
        columns,
        skus,
        names_licenses,
        csv: arguments.csv,
        formula_safe: arguments.formula_safe,
        sort,
        deleted: arguments.deleted,
    };
    let mut writer = Writer::new(context, wanted, reports)?;
    let ended = context.each(run, |page| writer.take(page)).await;
    if let Some(number) = writer.finish(ended)? {
        let what = if number == 1 { "agent user" } else { "agent users" };
        context.output.remark(&format!("{number} {what}"));
    }
    Ok(Exit::Done)
}

/// The reports that are asked for, begun.
async fn reports(
    context: &Context,
    client: &Client,
    arguments: &Arguments,
    columns: &Columns,
) -> Result<ReportFiles, Problem> {
    let title = if arguments.deleted { "Agent users in the recycle bin" } else { "Agent users" };
    let mut head = Head::default();
    if !arguments.reports.is_empty() {
        let links = context.target(false)?.cloud().is_none_or(|cloud| cloud == Cloud::Global);
        head = head_of(context.token(client, &[]).await?.expose_secret(), links);
    }
    let document = users(columns.iter().map(Column::name), Head { title: title.to_owned(), ..head });
    let options = Options { formula_safe: arguments.formula_safe, places: None };
    arguments.reports.start(&document, &options)
}
