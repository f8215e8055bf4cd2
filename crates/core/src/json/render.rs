//! Reports of findings and of lists, without a network.

use super::members::{FromMembers, Members};
use crate::problem::{Code, Problem};
use crate::report::{Document, Findings, Format, Head, Options, Places, ROSTER_COLUMNS, Writer, users};
use crate::unique::Unique;
use serde::Serialize;
use serde_json::{Error, Value};

/// The kind of a report's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
enum ReportOf {
    /// The findings of an audit: its report is given beside this JSON.
    Findings,
    /// Agent users: an array of them is given beside this JSON.
    AgentUsers,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
enum ReportFormat {
    /// The records themselves.
    Json,
    /// Comma-separated values (RFC 4180).
    Csv,
    /// One web page without scripts.
    Html,
    /// A workbook of Excel's: the native library alone writes it, as bytes beside the result.
    Xlsx,
    /// SARIF 2.1.0, of findings alone.
    Sarif,
    /// JUnit's XML, of findings alone.
    Junit,
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Json => Self::Json,
            ReportFormat::Csv => Self::Csv,
            ReportFormat::Html => Self::Html,
            ReportFormat::Xlsx => Self::Xlsx,
            ReportFormat::Sarif => Self::Sarif,
            ReportFormat::Junit => Self::Junit,
        }
    }
}

/// A report to write. Its records are given beside this JSON.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct RenderReportRequest {
    /// The kind of its records.
    of: ReportOf,
    /// Its form.
    format: ReportFormat,
    /// The columns of a list of agent users, by Graph's names of members; those of a roster first, unless given.
    #[cfg_attr(feature = "schema", schemars(default))]
    columns: Option<Vec<String>>,
    /// In CSV: whether an apostrophe stands before what a spreadsheet would take for a formula. Findings always have it.
    #[cfg_attr(feature = "schema", schemars(default))]
    formula_safe: bool,
    /// The tenant; that of the audit, unless given.
    #[cfg_attr(feature = "schema", schemars(default))]
    tenant_id: Option<String>,
    /// The account that read the tenant; that of the audit, unless given.
    #[cfg_attr(feature = "schema", schemars(default))]
    author: Option<String>,
    /// When the tenant was read, in ISO 8601 with a zone; when the audit did, unless given.
    #[cfg_attr(feature = "schema", schemars(default))]
    made_at: Option<String>,
    /// How long that took.
    #[cfg_attr(feature = "schema", schemars(default))]
    took_ms: Option<u64>,
    /// Whether pages and workbooks lead into the Entra portal of the global cloud; true, unless given.
    #[cfg_attr(feature = "schema", schemars(default))]
    links: Option<bool>,
    /// The file in whose lines SARIF and JUnit locate findings, such as the roster.
    #[cfg_attr(feature = "schema", schemars(default))]
    located_in: Option<LocatedIn>,
}

/// A file in whose lines findings are located.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
struct LocatedIn {
    /// The name or path by which the report names the file.
    uri: String,
    /// The content of the file.
    text: String,
}

impl FromMembers for LocatedIn {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self { uri: members.need("uri")?, text: members.need("text")? })
    }
}

impl FromMembers for RenderReportRequest {
    fn read(members: &mut Members) -> Result<Self, Error> {
        let of = [("findings", ReportOf::Findings), ("agentUsers", ReportOf::AgentUsers)];
        let formats = [
            ("json", ReportFormat::Json),
            ("csv", ReportFormat::Csv),
            ("html", ReportFormat::Html),
            ("xlsx", ReportFormat::Xlsx),
            ("sarif", ReportFormat::Sarif),
            ("junit", ReportFormat::Junit),
        ];
        Ok(Self {
            of: members.word("of", &of)?,
            format: members.word("format", &formats)?,
            columns: members.take("columns")?,
            formula_safe: members.or_default("formulaSafe")?,
            tenant_id: members.take("tenantId")?,
            author: members.take("author")?,
            made_at: members.take("madeAt")?,
            took_ms: members.take("tookMs")?,
            links: members.take("links")?,
            located_in: members.object("locatedIn")?,
        })
    }
}

/// A report that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RenderedReport {
    /// The report.
    text: String,
}

/// A report's document and its records, before it is written.
#[derive(Debug)]
pub struct ReportDraft {
    format: Format,
    options: Options,
    document: Document,
    rows: Vec<Value>,
}

impl ReportDraft {
    /// Reads a `RenderReportRequest` and the records beside it.
    ///
    /// # Errors
    /// When one of them is not as it must be.
    pub fn parse(json: &[u8], records: &[u8]) -> Result<Self, Problem> {
        let request: RenderReportRequest = super::text::read("report to write", json)?;
        let head = Head {
            tenant: request.tenant_id,
            author: request.author,
            made_at: request.made_at,
            took_ms: request.took_ms,
            links: request.links.unwrap_or(true),
            ..Head::default()
        };
        let (document, rows) = match request.of {
            ReportOf::Findings => {
                let findings = Findings::parse(records)?;
                (findings.document(head), findings.into_rows())
            }
            ReportOf::AgentUsers => {
                let usual = || ROSTER_COLUMNS.iter().map(|name| (*name).to_owned()).collect();
                (users(request.columns.unwrap_or_else(usual), head), agent_users(records)?)
            }
        };
        let places = request.located_in.map(|file| Places::of(&file.uri, file.text.as_bytes()));
        let options = Options { formula_safe: request.formula_safe, places };
        Ok(Self { format: request.format.into(), options, document, rows })
    }

    /// The document and rows from which a library writes the workbook, where the report is to be one.
    ///
    /// # Errors The draft itself, where it is text.
    pub fn into_workbook(self) -> Result<(Document, Vec<Value>), Box<Self>> {
        if self.format == Format::Xlsx { Ok((self.document, self.rows)) } else { Err(Box::new(self)) }
    }

    /// The report as text: a `RenderedReport`.
    ///
    /// # Errors
    /// When it is a workbook, or the records have no such form.
    pub fn into_text(self) -> Result<String, Problem> {
        let mut text = String::new();
        let mut writer = Writer::start(self.format, self.document, self.options, &mut text)?;
        self.rows.iter().for_each(|row| writer.row(row, &mut text));
        writer.end(None, &mut text);
        Ok(super::text::write(&RenderedReport { text }))
    }
}

/// Agent users, as an array of JSON.
fn agent_users(json: &[u8]) -> Result<Vec<Value>, Problem> {
    let invalid = |message: String| {
        Problem::new(Code::Invalid, message).with_fix("Give an array of agent users, as lists give them.")
    };
    match serde_json::from_slice(json) {
        Ok(Unique(Value::Array(rows))) if rows.iter().all(Value::is_object) => Ok(rows),
        Ok(_) => Err(invalid("The agent users are not an array of objects.".to_owned())),
        Err(error) => Err(invalid(format!("The agent users can't be read as JSON: {error}."))),
    }
}

/// Writes a report: a `RenderReportRequest` and its records in, a `RenderedReport` out.
///
/// # Errors
/// When the request or the records are not as they must be, or the report would be a workbook.
pub fn render_report(json: &[u8], records: &[u8]) -> Result<String, Problem> {
    ReportDraft::parse(json, records)?.into_text()
}
