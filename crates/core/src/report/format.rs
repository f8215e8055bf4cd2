//! The forms of a report.

use std::fmt;

/// A form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// The records themselves, as JSON.
    Json,
    /// Comma-separated values.
    Csv,
    /// One web page.
    Html,
    /// A workbook of Excel's.
    Xlsx,
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit's XML.
    Junit,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Json, Self::Csv, Self::Html, Self::Xlsx, Self::Sarif, Self::Junit];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Xlsx => "xlsx",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name))
    }

    /// The one of a file, by the end of its name.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let (before, end) = name.rsplit_once('.')?;
        match end.to_ascii_lowercase().as_str() {
            "htm" => Some(Self::Html),
            "xml" => Some(Self::Junit),
            // Code scanning knows both names of a SARIF file.
            "json" if before.to_ascii_lowercase().ends_with(".sarif") => Some(Self::Sarif),
            "junit" => None,
            end => Self::find(end),
        }
    }

    /// Whether only findings have this form.
    #[must_use]
    pub const fn is_of_findings(self) -> bool {
        matches!(self, Self::Sarif | Self::Junit)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_tell_their_form() {
        for (name, format) in [
            ("a.html", Some(Format::Html)),
            ("A.HTM", Some(Format::Html)),
            ("x/y.v2.csv", Some(Format::Csv)),
            ("a.xlsx", Some(Format::Xlsx)),
            ("a.sarif", Some(Format::Sarif)),
            ("a.sarif.json", Some(Format::Sarif)),
            ("a.json", Some(Format::Json)),
            ("a.xml", Some(Format::Junit)),
            ("a.junit", None),
            ("a.pdf", None),
            ("csv", None),
        ] {
            assert_eq!(Format::of_file(name), format, "{name}");
        }
        assert!(Format::ALL.into_iter().all(|format| Format::find(format.name()) == Some(format)));
    }
}
