//! The parts of a workbook beside its sheets (ECMA-376, part 1).

use super::archive::{Archive, Part};
use super::text::{RELATIONSHIPS, escaped_attribute};
use agentuser_core::report::Head;
use std::io;

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const SHEETML: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// Fonts, and the formats that `Style` numbers.
const STYLES: &str = "<numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>\
    <fonts count=\"3\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font>\
    <font><u/><sz val=\"11\"/><color rgb=\"FF0563C1\"/><name val=\"Calibri\"/></font></fonts>\
    <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
    <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
    <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"5\">\
    <xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
    <xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>\
    <xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyAlignment=\"1\"><alignment horizontal=\"left\"/></xf>\
    <xf numFmtId=\"0\" fontId=\"2\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>\
    <xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf></cellXfs>\
    <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>";

/// Adds them. `sheets` are the names of the sheets, and what the filter of each is over.
pub(super) fn add(archive: &mut Archive, head: &Head, sheets: &[(&str, Option<String>)]) -> io::Result<()> {
    let mut whole = |name: &str, text: &str| {
        let mut part = Part::new(name);
        part.write(text)?;
        archive.add(part)
    };
    whole("xl/workbook.xml", &workbook(sheets))?;
    whole("xl/styles.xml", &format!("{XML}<styleSheet xmlns=\"{MAIN}\">{STYLES}</styleSheet>"))?;
    let styles = sheets.len() + 1;
    let related: String = (1..=sheets.len())
        .map(|number| {
            relationship(number, &format!("{OFFICE}/worksheet"), &format!("worksheets/sheet{number}.xml"))
        })
        .collect();
    let style = relationship(styles, &format!("{OFFICE}/styles"), "styles.xml");
    whole("xl/_rels/workbook.xml.rels", &format!("{RELATIONSHIPS}{related}{style}</Relationships>"))?;
    whole("docProps/core.xml", &properties(head))?;
    let document = relationship(1, &format!("{OFFICE}/officeDocument"), "xl/workbook.xml");
    let core =
        relationship(2, &format!("{PACKAGE}/relationships/metadata/core-properties"), "docProps/core.xml");
    whole("_rels/.rels", &format!("{RELATIONSHIPS}{document}{core}</Relationships>"))?;
    whole("[Content_Types].xml", &content_types(sheets.len()))
}

fn relationship(number: usize, of: &str, target: &str) -> String {
    format!("<Relationship Id=\"rId{number}\" Type=\"{of}\" Target=\"{target}\"/>")
}

fn workbook(sheets: &[(&str, Option<String>)]) -> String {
    let (mut named, mut filters) = (String::new(), String::new());
    for (at, (name, filter)) in sheets.iter().enumerate() {
        let (number, name) = (at + 1, escaped_attribute(name));
        named.push_str(&format!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>"));
        if let Some(cells) = filter {
            // Excel keeps the cells of a filter under this hidden name, too.
            let cells = absolute(cells);
            filters.push_str(&format!(
                "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"{at}\" hidden=\"1\">'{name}'!{cells}</definedName>"
            ));
        }
    }
    // The sheet that is in sight first is the last one: the records.
    let active = sheets.len().saturating_sub(1);
    format!(
        "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><bookViews><workbookView activeTab=\"{active}\"/></bookViews>\
         <sheets>{named}</sheets><definedNames>{filters}</definedNames></workbook>"
    )
}

/// `A1:G25` as `$A$1:$G$25`.
fn absolute(cells: &str) -> String {
    let one = |cell: &str| {
        let letters = cell.trim_end_matches(|c: char| c.is_ascii_digit());
        format!("${letters}${}", cell.trim_start_matches(letters))
    };
    cells.split(':').map(one).collect::<Vec<_>>().join(":")
}

fn properties(head: &Head) -> String {
    let title = escaped_attribute(&head.title);
    let made_at =
        head.made_at.as_deref().filter(|moment| agentuser_core::report::unix_seconds(moment).is_some());
    let created = made_at.map(|moment| {
        format!(
            "<dcterms:created xsi:type=\"dcterms:W3CDTF\">{}</dcterms:created>",
            escaped_attribute(moment)
        )
    });
    format!(
        "{XML}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <dc:title>{title}</dc:title><dc:creator>agentuser</dc:creator>{}</cp:coreProperties>",
        created.unwrap_or_default()
    )
}

fn content_types(sheets: usize) -> String {
    let mut types = format!(
        "{XML}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    );
    let mut add = |part: &str, content: &str| {
        types.push_str(&format!("<Override PartName=\"/{part}\" ContentType=\"{content}\"/>"));
    };
    add("xl/workbook.xml", &format!("{SHEETML}.sheet.main+xml"));
    add("xl/styles.xml", &format!("{SHEETML}.styles+xml"));
    add("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
    for number in 1..=sheets {
        add(&format!("xl/worksheets/sheet{number}.xml"), &format!("{SHEETML}.worksheet+xml"));
    }
    types.push_str("</Types>");
    types
}
