//! Tables for people: fitted to a terminal, a line per row elsewhere.

use super::text::{plain, wrapped};
use super::width;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// The space between columns.
const GAP: usize = 2;

/// A column: its heading, and how it gives way on a narrow terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    heading: String,
    /// Its cells are prose, which is broken between words. Others, such as ids, are never broken.
    prose: bool,
    /// Where the table does not fit, the column with the highest rank goes first. Rank 0 stays.
    rank: u8,
}

impl Column {
    /// A column of values that stays.
    pub(crate) fn needed(heading: &str) -> Self {
        Self { heading: heading.to_uppercase(), prose: false, rank: 0 }
    }

    /// A column of values that goes by its rank, the highest first.
    pub(crate) fn optional(heading: &str, rank: u8) -> Self {
        Self { rank, ..Self::needed(heading) }
    }

    /// A column of prose that stays.
    pub(crate) fn prose(heading: &str) -> Self {
        Self { prose: true, ..Self::needed(heading) }
    }

    /// The narrowest width of these cells of it.
    fn least(&self, cell: &str) -> usize {
        let width = |text: &str| if self.prose { longest_word(text) } else { text.width() };
        cell.lines().map(width).max().unwrap_or_default()
    }
}

/// A table. Its cells are made harmless for terminals.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
    /// The first column has names and the second their values. The table has no headings.
    of_values: bool,
    /// The parts before had the headings.
    is_headed: bool,
    /// The widths of the columns in the parts before.
    widths: Vec<usize>,
}

impl Table {
    /// A table with these columns.
    pub(crate) fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { columns: columns.into_iter().collect(), ..Self::default() }
    }

    /// A table of names and values, without headings.
    pub(crate) fn of_values() -> Self {
        let columns = vec![Column::needed(""), Column::prose("")];
        Self { columns, of_values: true, is_headed: true, ..Self::default() }
    }

    /// Adds a row. Line breaks within a cell stay.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let clean = |cell: String| cell.lines().map(plain).collect::<Vec<_>>().join("\n");
        self.rows.push(cells.into_iter().map(clean).collect());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as lines, each with its line break, and an empty table for the rows that follow. On a terminal, where
    /// every part is fitted by itself, that table has the headings again.
    pub(crate) fn part(mut self) -> (String, Self) {
        let text = self.to_text();
        if width::stdout().is_none() {
            self.widths = self.natural(&self.all(), &[]);
            self.is_headed = true;
        }
        self.rows.clear();
        (text, self)
    }

    /// The table as lines, each with its line break.
    pub(crate) fn to_text(&self) -> String {
        match width::stdout() {
            Some(width) => self.fitted(width),
            None => self.lines(&self.all(), &self.natural(&self.all(), &[])),
        }
    }

    /// The table, not wider than this, unless a word is. Lines are broken between words.
    pub(super) fn fitted(&self, width: usize) -> String {
        let whole = self.arranged(width, &[]);
        let long = self.long_rows(width);
        let shortened = if long.is_empty() { None } else { self.arranged(width, &long) };
        // One long name does not take the room of several columns of all others.
        let arranged = match (whole, shortened) {
            (Some(whole), Some(more)) if more.0.len() <= whole.0.len() + 1 => Some(whole),
            (whole, more) => more.or(whole),
        };
        match arranged {
            Some((shown, widths)) => self.lines(&shown, &widths),
            None => self.stacked(width),
        }
    }

    /// The columns that find room, and their widths, by all rows but these; none where some do not that must stay.
    fn arranged(&self, width: usize, but: &[usize]) -> Option<(Vec<usize>, Vec<usize>)> {
        let mut shown = self.all();
        // A column without a value in any row only takes room.
        shown.retain(|index| self.of_values || self.cells(*index).any(|cell| !cell.is_empty()));
        loop {
            let least: Vec<usize> =
                shown.iter().map(|index| self.width(*index, but, Column::least)).collect();
            if let Some(widths) = self.share(&shown, &least, width, but) {
                return Some((shown, widths));
            }
            let rank = |index: &usize| self.columns.get(*index).map_or(0, |column| column.rank);
            let last = shown.iter().copied().filter(|index| rank(index) > 0).max_by_key(rank)?;
            shown.retain(|index| *index != last);
        }
    }

    /// The few rows with a value that is far longer than values are.
    fn long_rows(&self, width: usize) -> Vec<usize> {
        /// An id fits, and the names of most.
        const USUAL: usize = 40;
        let is_long = |(cell, column): (&String, &Column)| {
            !column.prose && cell.lines().any(|line| line.width() > USUAL.max(width / 2))
        };
        let rows = self.rows.iter().enumerate();
        let long = rows.filter(|(_, row)| row.iter().zip(&self.columns).any(is_long));
        let long: Vec<usize> = long.map(|(number, _)| number).collect();
        if self.of_values || long.len() > (self.rows.len() / 4).max(1) { Vec::new() } else { long }
    }

    fn all(&self) -> Vec<usize> {
        (0..self.columns.len()).collect()
    }

    fn cells(&self, index: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().map(move |row| row.get(index).map(String::as_str).unwrap_or_default())
    }

    /// The width of a column by a measure of its cells in all rows but these.
    fn width(&self, index: usize, but: &[usize], measure: impl Fn(&Column, &str) -> usize) -> usize {
        let Some(column) = self.columns.get(index) else { return 0 };
        let heading = if self.of_values { 0 } else { column.heading.width() };
        let before = self.widths.get(index).copied().unwrap_or_default();
        let cells = self.cells(index).enumerate().filter(|(row, _)| !but.contains(row));
        cells.map(|(_, cell)| measure(column, cell)).max().unwrap_or_default().max(heading).max(before)
    }

    /// The widths of columns whose cells are not broken.
    fn natural(&self, shown: &[usize], but: &[usize]) -> Vec<usize> {
        let whole = |_: &Column, cell: &str| cell.lines().map(str::width).max().unwrap_or_default();
        shown.iter().map(|index| self.width(*index, but, whole)).collect()
    }

    /// The widths of the columns in this room: values get what they need, prose shares the rest. None where that is
    /// less than their longest words, or than reads well.
    fn share(&self, shown: &[usize], least: &[usize], room: usize, but: &[usize]) -> Option<Vec<usize>> {
        /// Prose in a narrower column is a tower of words.
        const READABLE: usize = 16;
        let mut widths = self.natural(shown, but);
        let mut room = room.checked_sub(GAP * shown.len().saturating_sub(1))?;
        let is_prose = |at: &usize| {
            let index = shown.get(*at).and_then(|index| self.columns.get(*index));
            index.is_some_and(|column| column.prose)
        };
        let (mut prose, values): (Vec<usize>, Vec<usize>) = (0..shown.len()).partition(is_prose);
        for at in values {
            room = room.checked_sub(*widths.get(at)?)?;
        }
        // The narrowest first: the room that it leaves is for the others.
        prose.sort_by_key(|at| widths.get(*at).copied());
        let mut left = prose.len();
        for at in prose {
            let (natural, least) = (*widths.get(at)?, *least.get(at)?);
            let given = natural.min(room / left).max(least);
            if given < natural.min(READABLE) {
                return None;
            }
            room = room.checked_sub(given)?;
            *widths.get_mut(at)? = given;
            left -= 1;
        }
        Some(widths)
    }

    /// Columns side by side.
    fn lines(&self, shown: &[usize], widths: &[usize]) -> String {
        let headings: Vec<String> = self.columns.iter().map(|column| column.heading.clone()).collect();
        let headings = (!self.is_headed).then_some(headings);
        let mut text = String::new();
        for row in headings.iter().chain(&self.rows) {
            let cells: Vec<Vec<String>> = shown
                .iter()
                .zip(widths)
                .map(|(index, width)| {
                    let cell = row.get(*index).map(String::as_str).unwrap_or_default();
                    cell.lines().flat_map(|line| wrapped(line, *width)).collect()
                })
                .collect();
            // The cells after one that is wider than its column stand below it.
            let too_wide =
                |(cell, width): (&Vec<String>, &usize)| cell.iter().any(|line| line.width() > *width);
            let (mut rest, mut widths, mut indent) = (cells.as_slice(), widths, 0);
            while !rest.is_empty() {
                let wide = rest.iter().zip(widths).position(too_wide).map_or(rest.len(), |at| at + 1);
                let is_last = rest.iter().skip(wide).all(Vec::is_empty);
                let (beside, below) = rest.split_at(if is_last { rest.len() } else { wide });
                for line in 0..beside.iter().map(Vec::len).max().unwrap_or_default().max(1) {
                    let mut whole = " ".repeat(indent);
                    for (cell, width) in beside.iter().zip(widths) {
                        let cell = cell.get(line).map(String::as_str).unwrap_or_default();
                        let padding = (width + GAP).saturating_sub(cell.width());
                        // Writing to a string can't fail.
                        let _ = write!(whole, "{cell}{:padding$}", "");
                    }
                    text.push_str(whole.trim_end());
                    text.push('\n');
                }
                let (before, after) = widths.split_at(beside.len());
                indent += before.iter().map(|width| width + GAP).sum::<usize>();
                (rest, widths) = (below, after);
            }
        }
        text
    }

    /// The cells of each row under each other, with the names of their columns.
    fn stacked(&self, width: usize) -> String {
        let mut text = String::new();
        let headings = self.columns.iter().map(|column| column.heading.width());
        let names = self.rows.iter().filter_map(|row| row.first()).map(|name| name.width());
        let longest = if self.of_values { names.max() } else { headings.max() };
        let beside = longest.unwrap_or_default() + GAP;
        for (number, row) in self.rows.iter().enumerate() {
            if number > 0 && !self.of_values {
                text.push('\n');
            }
            let pairs: Vec<(&str, &str)> = match row.as_slice() {
                [name, value] if self.of_values => vec![(name, value)],
                cells => {
                    let headings = self.columns.iter().map(|column| column.heading.as_str());
                    headings.zip(cells.iter().map(String::as_str)).collect()
                }
            };
            for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
                if beside + value.lines().map(longest_word).max().unwrap_or_default() <= width {
                    let lines = value.lines().flat_map(|line| wrapped(line, width - beside));
                    for (at, line) in lines.enumerate() {
                        let name = if at == 0 { name } else { "" };
                        let padding = beside - name.width();
                        let _ = writeln!(text, "{name}{:padding$}{line}", "");
                    }
                } else {
                    let _ = writeln!(text, "{name}");
                    for line in value.lines().flat_map(|line| wrapped(line, width.saturating_sub(GAP))) {
                        let _ = writeln!(text, "{:GAP$}{line}", "");
                    }
                }
            }
        }
        text
    }
}

fn longest_word(text: &str) -> usize {
    text.split(' ').map(str::width).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn columns_stand_under_each_other_in_any_script_and_over_parts() {
        let mut table = Table::new([Column::needed("Name"), Column::needed("Id")]);
        table.row(row(&["Zoë", "1"]));
        table.row(row(&["北京", "2"]));
        table.row(row(&["longer name", "3"]));
        let (first, mut next) = table.part();
        assert_eq!(first, "NAME         ID\nZoë          1\n北京         2\nlonger name  3\n");
        next.row(row(&["x", "4"]));
        assert_eq!(next.to_text(), "x            4\n");
    }

    #[test]
    fn columns_go_by_their_rank_and_empty_ones_first() {
        let columns = [Column::needed("Name"), Column::optional("Stage", 2), Column::optional("Done", 1)];
        let mut table = Table::new(columns.into_iter().chain([Column::needed("Problem")]));
        table.row(row(&["editorial.notes@contoso.com", "exists", "1 of 2", ""]));
        let shown = |width: usize| table.fitted(width).lines().next().unwrap().to_owned();
        assert_eq!(shown(80), "NAME                         STAGE   DONE");
        assert_eq!(shown(40), "NAME                         DONE");
        assert_eq!(shown(30), "NAME");
    }

    #[test]
    fn one_long_name_takes_no_column_from_the_others() {
        let columns = [Column::needed("Name"), Column::optional("Shown as", 1), Column::optional("Id", 2)];
        let mut table = Table::new(columns);
        let id = "a6000000-0000-4000-8000-000000000001";
        for name in ["ada@contoso.com", "eve@contoso.com", "joe@contoso.com"] {
            table.row(row(&[name, "Agent", id]));
        }
        let long = "x".repeat(90);
        table.row(row(&[&long, "Agent", id]));
        table.row(row(&["zoe@contoso.com", "A name of a good many words, and more of them", id]));
        assert!(table.fitted(80).starts_with("NAME      ada@contoso.com\n"), "two of five rows are not few");
        table.rows.pop();
        let text = table.fitted(80);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "NAME             SHOWN AS  ID");
        assert_eq!(lines[1], format!("ada@contoso.com  Agent     {id}"));
        assert_eq!(lines[4], long);
        assert_eq!(lines[5], format!("{:17}Agent     {id}", ""));
        assert_eq!(lines.len(), 6);
    }

    #[test]
    fn no_word_is_broken_at_any_width() {
        let columns = [Column::needed("Row")].into_iter().chain(crate::output::rule_columns());
        let mut table = Table::new(columns);
        let message = "Another row has the same user principal name, ada@contoso.com.";
        table.row(row(&[
            "12",
            "userPrincipalName",
            message,
            "Change one of them.",
            "RepeatedUserPrincipalName",
        ]));
        for width in [1, 20, 40, 80, 100, 200] {
            let text = table.fitted(width);
            for word in ["userPrincipalName", "ada@contoso.com.", "RepeatedUserPrincipalName"] {
                assert!(text.contains(word), "{width}: {text}");
            }
            assert!(text.lines().all(|line| line.width() <= width.max(25 + 6)), "{width}: {text}");
        }
        assert_eq!(table.fitted(200).lines().count(), 2);
        assert!(
            table.fitted(40).starts_with("ROW    12\nFIELD  userPrincipalName\n"),
            "{}",
            table.fitted(40)
        );
    }

    #[test]
    fn values_stand_beside_their_names_where_there_is_room() {
        let mut table = Table::of_values();
        table.row(row(&["identityParentId", "a1d00000-0000-4000-8000-000000000001"]));
        assert_eq!(table.fitted(80), "identityParentId  a1d00000-0000-4000-8000-000000000001\n");
        assert_eq!(table.fitted(40), "identityParentId\n  a1d00000-0000-4000-8000-000000000001\n");
    }
}
