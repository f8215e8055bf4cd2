//! The parts of a linked module and what each refers to, by the relocations that the linker kept.

use anyhow::{Context as _, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use wasmparser::{
    ConstExpr, DataKind, DataSectionReader, ElementItems, ElementKind, ElementSectionReader, ExternalKind,
    KnownCustom, Linking, LinkingSectionReader, Operator, Parser, Payload, RelocSectionReader,
    RelocationType, SymbolInfo, TypeRef,
};

/// A function by its index, or a symbol of data by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Function(u32),
    Data(usize),
}

/// The places and data that a set of functions needs, directly or through other functions.
pub(super) struct Needed {
    /// The places of the table whose functions they may call.
    pub(super) places: BTreeSet<u32>,
    /// The data that only other functions need, as addresses in order.
    pub(super) others: Vec<Range<u32>>,
}

/// A linked module.
#[derive(Default)]
pub(super) struct Linked {
    /// The functions that are exported, by name.
    pub(super) exports: BTreeMap<String, u32>,
    /// The functions of the table, by their places.
    table: BTreeMap<u32, u32>,
    /// The addresses of the symbols of data.
    data: BTreeMap<usize, Range<u32>>,
    needs: BTreeMap<Part, BTreeSet<Part>>,
}

/// A reference that the linker has filled in.
struct Reference {
    /// Whether it is in code; else it is in data.
    in_code: bool,
    /// Its place in that section.
    place: usize,
    /// The symbol that it refers to.
    symbol: usize,
}

/// The sections of a module, as far as [`Sections::needs`] looks references up in them.
#[derive(Default)]
struct Sections {
    imported: u32,
    code: usize,
    bodies: Vec<Range<usize>>,
    data: usize,
    /// Address and place of each segment of data.
    segments: Vec<(u32, usize)>,
    symbols: Vec<Option<Part>>,
    /// Place in the section of data, size and number of each symbol of data.
    places: Vec<(usize, usize, usize)>,
    references: Vec<Reference>,
}

impl Linked {
    /// Reads a module that was linked with `--emit-relocs`.
    ///
    /// # Errors
    /// When it is not such a module.
    pub(super) fn read(module: &[u8]) -> anyhow::Result<Self> {
        let mut linked = Self::default();
        let mut sections = Sections::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        sections.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            linked.exports.insert(export.name.to_owned(), export.index);
                        }
                    }
                }
                Payload::ElementSection(elements) => linked.table = table(elements)?,
                Payload::CodeSectionStart { range, .. } => sections.code = range.start,
                Payload::CodeSectionEntry(body) => sections.bodies.push(body.range()),
                Payload::DataSection(data) => sections.data(data)?,
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Linking(linking) => linked.data = sections.symbols(linking)?,
                    KnownCustom::Reloc(relocations) => sections.references(custom.name(), relocations)?,
                    _ => {}
                },
                _ => {}
            }
        }
        if sections.references.is_empty() {
            bail!("the module has no relocations");
        }
        linked.needs = sections.needs()?;
        Ok(linked)
    }

    /// Finds the places that these functions need, directly or not, and the data that only other functions
    /// need.
    pub(super) fn needed(&self, functions: impl IntoIterator<Item = u32>) -> Needed {
        let mut found = BTreeSet::new();
        let mut next: Vec<Part> = functions.into_iter().map(Part::Function).collect();
        while let Some(part) = next.pop() {
            if found.insert(part) {
                next.extend(self.needs.get(&part).into_iter().flatten());
            }
        }
        let places = self.table.iter().filter(|(_, function)| found.contains(&Part::Function(**function)));
        // Symbols may overlap: what one of them needs stays.
        let mut kept: Vec<&Range<u32>> = Vec::new();
        let mut others: Vec<Range<u32>> = Vec::new();
        for (number, range) in &self.data {
            if found.contains(&Part::Data(*number)) { kept.push(range) } else { others.push(range.clone()) }
        }
        kept.sort_by_key(|range| range.start);
        let others = without(joined(others), &kept);
        Needed { places: places.map(|(place, _)| *place).collect(), others }
    }
}

impl Sections {
    fn data(&mut self, data: DataSectionReader<'_>) -> anyhow::Result<()> {
        self.data = data.range().start;
        for segment in data {
            let segment = segment?;
            let DataKind::Active { offset_expr, .. } = segment.kind else {
                bail!("the module has a passive segment")
            };
            self.segments.push((constant(&offset_expr)?, segment.range.end - segment.data.len()));
        }
        Ok(())
    }

    /// Notes the symbols, and gives the addresses of those of data.
    fn symbols(&mut self, linking: LinkingSectionReader<'_>) -> anyhow::Result<BTreeMap<usize, Range<u32>>> {
        let mut data = BTreeMap::new();
        for part in linking {
            let Linking::SymbolTable(symbols) = part? else { continue };
            for symbol in symbols {
                let number = self.symbols.len();
                let part = match symbol? {
                    SymbolInfo::Func { index, .. } => Some(Part::Function(index)),
                    SymbolInfo::Data { symbol: Some(defined), .. } => {
                        let segment = self.segments.get(usize::try_from(defined.index)?);
                        let (address, place) = *segment.context("a symbol stands outside of all segments")?;
                        let from = address + defined.offset;
                        data.insert(number, from..from + defined.size);
                        let place = place - self.data + usize::try_from(defined.offset)?;
                        self.places.push((place, usize::try_from(defined.size)?, number));
                        Some(Part::Data(number))
                    }
                    _ => None,
                };
                self.symbols.push(part);
            }
        }
        Ok(data)
    }

    fn references(&mut self, name: &str, relocations: RelocSectionReader<'_>) -> anyhow::Result<()> {
        let in_code = name == "reloc.CODE";
        if !in_code && name != "reloc.DATA" {
            return Ok(());
        }
        for relocation in relocations.entries() {
            let relocation = relocation?;
            use RelocationType::{EventIndexLeb, GlobalIndexLeb, TableNumberLeb, TypeIndexLeb};
            if !matches!(relocation.ty, TypeIndexLeb | GlobalIndexLeb | TableNumberLeb | EventIndexLeb) {
                let (place, symbol) =
                    (usize::try_from(relocation.offset)?, usize::try_from(relocation.index)?);
                self.references.push(Reference { in_code, place, symbol });
            }
        }
        Ok(())
    }

    /// The parts that each part refers to, from the relocations.
    fn needs(mut self) -> anyhow::Result<BTreeMap<Part, BTreeSet<Part>>> {
        self.places.sort_unstable();
        let longest = self.places.iter().map(|(_, size, _)| *size).max().unwrap_or_default();
        let mut needs: BTreeMap<Part, BTreeSet<Part>> = BTreeMap::new();
        for Reference { in_code, place, symbol } in &self.references {
            let target = self
                .symbols
                .get(*symbol)
                .copied()
                .flatten()
                .context("a reference names a symbol that the module does not have")?;
            if *in_code {
                let body = self.bodies.partition_point(|body| body.end <= self.code + place);
                let function = Part::Function(self.imported + u32::try_from(body)?);
                needs.entry(function).or_default().insert(target);
                continue;
            }
            let first = self.places.partition_point(|(from, _, _)| from + longest <= *place);
            let near = self.places.iter().skip(first).take_while(|(from, _, _)| from <= place);
            let mut holders = near.filter(|(from, size, _)| *place < from + size).peekable();
            holders.peek().context("a reference stands outside of all symbols")?;
            for (_, _, holder) in holders {
                needs.entry(Part::Data(*holder)).or_default().insert(target);
            }
        }
        Ok(needs)
    }
}

/// The functions of the table, by their places.
fn table(elements: ElementSectionReader<'_>) -> anyhow::Result<BTreeMap<u32, u32>> {
    let mut table = BTreeMap::new();
    for element in elements {
        let element = element?;
        let (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(functions)) =
            (element.kind, element.items)
        else {
            bail!("the table of the module is not one of functions");
        };
        for (place, function) in (constant(&offset_expr)?..).zip(functions) {
            table.insert(place, function?);
        }
    }
    Ok(table)
}

fn constant(expression: &ConstExpr<'_>) -> anyhow::Result<u32> {
    match expression.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(value.cast_unsigned()),
        _ => bail!("a segment has no constant place"),
    }
}

/// The ranges in order, those that touch as one.
fn joined(mut ranges: Vec<Range<u32>>) -> Vec<Range<u32>> {
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<u32>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// The ranges without those that are kept. Both are in order.
fn without(ranges: Vec<Range<u32>>, kept: &[&Range<u32>]) -> Vec<Range<u32>> {
    let mut rest = Vec::new();
    for range in ranges {
        let mut from = range.start;
        for keep in kept.iter().filter(|keep| keep.start < range.end && keep.end > range.start) {
            if keep.start > from {
                rest.push(from..keep.start);
            }
            from = from.max(keep.end);
        }
        if from < range.end {
            rest.push(from..range.end);
        }
    }
    rest
}
