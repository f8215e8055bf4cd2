//! Two modules of one. They share memory, tables and globals, which the first one has.

use super::linked::Needed;
use anyhow::{Context as _, bail};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;
use walrus::ir::{self, Value, Visitor};
use walrus::{
    ConstExpr, DataKind, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind,
    GlobalKind, ImportKind, ImportedFunction, Module, ModuleConfig, TableId,
};

/// The name by which the second module imports from the first.
const FIRST: &str = "first";

/// The places of the table with their functions, which are named by their index in the module.
type Places = BTreeMap<u32, usize>;

/// Divides a module. The code of `exports` and all that only they need is in the second one; in the first one they call what the
/// second one puts into the table.
///
/// # Errors
/// When the module is of another kind than the linker makes.
pub(super) fn divide(
    module: &[u8],
    needed: &Needed,
    exports: &[String],
) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
    let mut first = parse(module)?;
    let mut second = parse(module)?;
    let places = places(&first)?;
    let functions = reached(&first, &places, needed, exports);
    let (ours, theirs) = places.iter().partition::<Places, _>(|(_, function)| functions.contains(function));
    let end = u32::try_from(main_table(&first).map(|table| first.tables.get(table).initial)?)?;
    let slots: Vec<(u32, &str)> = (end..).zip(exports.iter().map(String::as_str)).collect();

    let mut entries = theirs;
    for (slot, name) in &slots {
        entries.insert(*slot, second.exports.get_func(name)?.index());
    }
    take_second(&mut second, &functions, needed, &entries, slots.len())?;
    take_first(&mut first, needed, &ours, &slots)?;
    share(&mut first, &mut second)?;
    walrus::passes::gc::run(&mut first);
    Ok((first.emit_wasm(), second.emit_wasm()))
}

fn parse(module: &[u8]) -> anyhow::Result<Module> {
    ModuleConfig::new().generate_name_section(false).generate_producers_section(false).parse(module)
}

fn main_table(module: &Module) -> anyhow::Result<TableId> {
    module.tables.main_function_table()?.context("the module has no table of functions")
}

fn places(module: &Module) -> anyhow::Result<Places> {
    let mut places = Places::new();
    let main = main_table(module)?;
    for element in module.elements.iter() {
        let (ElementKind::Active { table, offset }, ElementItems::Functions(functions)) =
            (&element.kind, &element.items)
        else {
            bail!("the table of the module is filled otherwise than by functions at places");
        };
        if *table == main {
            places.extend((address(offset)?..).zip(functions.iter().map(FunctionId::index)));
        }
    }
    Ok(places)
}

fn address(expression: &ConstExpr) -> anyhow::Result<u32> {
    match expression {
        ConstExpr::Value(Value::I32(value)) => Ok(value.cast_unsigned()),
        _ => bail!("a segment has no constant place"),
    }
}

fn at(place: u32) -> ConstExpr {
    ConstExpr::Value(Value::I32(place.cast_signed()))
}

/// The functions that a function names.
#[derive(Default)]
struct Named(Vec<FunctionId>);

impl<'instr> Visitor<'instr> for Named {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.0.push(*function);
    }
}

/// The functions of the first module, by their index.
fn reached(module: &Module, places: &Places, needed: &Needed, exports: &[String]) -> HashSet<usize> {
    let by_index: BTreeMap<usize, FunctionId> =
        module.funcs.iter().map(|one| (one.id().index(), one.id())).collect();
    let mut next: Vec<FunctionId> = module.start.into_iter().collect();
    for export in module.exports.iter() {
        if let ExportItem::Function(function) = export.item
            && !exports.contains(&export.name)
        {
            next.push(function);
        }
    }
    let called = needed.places.iter().filter_map(|place| places.get(place));
    next.extend(called.filter_map(|function| by_index.get(function)));
    let mut found = HashSet::new();
    while let Some(function) = next.pop() {
        if !found.insert(function.index()) {
            continue;
        }
        if let FunctionKind::Local(local) = &module.funcs.get(function).kind {
            let mut named = Named::default();
            ir::dfs_in_order(&mut named, local, local.entry_block());
            next.extend(named.0);
        }
    }
    found
}

/// Makes the first module: what the second one has is taken out, and its exports call places of the table.
fn take_first(
    module: &mut Module,
    needed: &Needed,
    ours: &Places,
    slots: &[(u32, &str)],
) -> anyhow::Result<()> {
    let table = main_table(module)?;
    for (slot, name) in slots {
        let ty = module.funcs.get(module.exports.get_func(name)?).ty();
        let (parameters, results) = (module.types.params(ty).to_vec(), module.types.results(ty).to_vec());
        let locals: Vec<_> = parameters.iter().map(|one| module.locals.add(*one)).collect();
        let mut builder = FunctionBuilder::new(&mut module.types, &parameters, &results);
        let mut body = builder.func_body();
        for local in &locals {
            body.local_get(*local);
        }
        body.i32_const(slot.cast_signed()).call_indirect(ty, table);
        let stub = builder.finish(locals, &mut module.funcs);
        for export in module.exports.iter_mut().filter(|export| export.name == *name) {
            export.item = ExportItem::Function(stub);
        }
    }
    widen(module, slots.len())?;
    fill(module, ours)?;
    let segments = segments(module)?;
    let kept = segments.into_iter().flat_map(|(from, bytes)| pieces(from, &bytes, &needed.others, false));
    replace_data(module, kept.collect())
}

/// Makes the second module: all that is of the first one becomes an import.
fn take_second(
    module: &mut Module,
    functions: &HashSet<usize>,
    needed: &Needed,
    entries: &Places,
    slots: usize,
) -> anyhow::Result<()> {
    for import in module.imports.iter_mut() {
        let ImportKind::Function(function) = import.kind else {
            bail!("the module imports more than functions")
        };
        (import.module, import.name) = (FIRST.to_owned(), function.index().to_string());
    }
    let own = |function: &walrus::Function| functions.contains(&function.id().index());
    let local = module.funcs.iter_local().map(|(id, _)| id).collect::<BTreeSet<_>>();
    let imported: Vec<_> = module
        .funcs
        .iter()
        .filter(|one| own(one) && local.contains(&one.id()))
        .map(|one| (one.id(), one.ty()))
        .collect();
    for (function, ty) in imported {
        let import = module.imports.add(FIRST, &function.index().to_string(), function);
        module.funcs.get_mut(function).kind = FunctionKind::Import(ImportedFunction { import, ty });
    }
    for (number, memory) in module.memories.iter_mut().enumerate() {
        memory.import = Some(module.imports.add(FIRST, &number.to_string(), memory.id()));
    }
    for (number, table) in module.tables.iter_mut().enumerate() {
        table.import = Some(module.imports.add(FIRST, &number.to_string(), table.id()));
    }
    let globals: Vec<_> = module.globals.iter().map(walrus::Global::id).collect();
    for (number, global) in globals.into_iter().enumerate() {
        let import = module.imports.add(FIRST, &number.to_string(), global);
        module.globals.get_mut(global).kind = GlobalKind::Import(import);
    }
    let exports: Vec<_> = module.exports.iter().map(walrus::Export::id).collect();
    for export in exports {
        module.exports.delete(export);
    }
    module.start = None;
    widen(module, slots)?;
    fill(module, entries)?;
    let segments = segments(module)?;
    let taken = segments.into_iter().flat_map(|(from, bytes)| pieces(from, &bytes, &needed.others, true));
    replace_data(module, taken.collect())?;
    walrus::passes::gc::run(module);
    Ok(())
}

/// Exports from the first module what the second one imports, by numbers: there are hundreds.
fn share(first: &mut Module, second: &mut Module) -> anyhow::Result<()> {
    for (name, import) in second.imports.iter_mut().enumerate() {
        let number: usize = import.name.parse()?;
        let item: Option<ExportItem> = match import.kind {
            ImportKind::Function(_) => {
                first.funcs.iter().map(walrus::Function::id).find(|id| id.index() == number).map(Into::into)
            }
            ImportKind::Memory(_) => {
                first.memories.iter().map(walrus::Memory::id).nth(number).map(Into::into)
            }
            ImportKind::Table(_) => first.tables.iter().map(walrus::Table::id).nth(number).map(Into::into),
            ImportKind::Global(_) => first.globals.iter().map(walrus::Global::id).nth(number).map(Into::into),
            ImportKind::Tag(_) => None,
        };
        import.name = name.to_string();
        first
            .exports
            .add(&import.name, item.context("the second module imports what the first one does not have")?);
    }
    Ok(())
}

/// Makes room in the table for the second module's entries.
fn widen(module: &mut Module, by: usize) -> anyhow::Result<()> {
    let table = main_table(module)?;
    let table = module.tables.get_mut(table);
    let by = u64::try_from(by)?;
    table.initial += by;
    table.maximum = table.maximum.map(|most| most + by);
    Ok(())
}

/// Fills the table with these functions alone, those that are neighbours by one segment.
fn fill(module: &mut Module, places: &Places) -> anyhow::Result<()> {
    let table = main_table(module)?;
    let former: Vec<_> = module.elements.iter().map(walrus::Element::id).collect();
    for element in former {
        module.elements.delete(element);
    }
    module.tables.get_mut(table).elem_segments.clear();
    let by_index: BTreeMap<usize, FunctionId> =
        module.funcs.iter().map(|one| (one.id().index(), one.id())).collect();
    let mut runs: Vec<(u32, Vec<FunctionId>)> = Vec::new();
    for (place, function) in places {
        let function = *by_index.get(function).context("the table has a function that is not there")?;
        match runs.last_mut() {
            Some((from, run)) if *from + u32::try_from(run.len())? == *place => run.push(function),
            _ => runs.push((*place, vec![function])),
        }
    }
    for (from, run) in runs {
        let element = module
            .elements
            .add(ElementKind::Active { table, offset: at(from) }, ElementItems::Functions(run));
        module.tables.get_mut(table).elem_segments.insert(element);
    }
    Ok(())
}

/// The data with its addresses.
fn segments(module: &Module) -> anyhow::Result<Vec<(u32, Vec<u8>)>> {
    let segment = |data: &walrus::Data| match &data.kind {
        DataKind::Active { offset, .. } => Ok((address(offset)?, data.value.clone())),
        DataKind::Passive => bail!("the module has a passive segment"),
    };
    module.data.iter().map(segment).collect()
}

/// The pieces of a segment that are in the ranges, or those that are not. The ranges are in order.
fn pieces(from: u32, bytes: &[u8], ranges: &[Range<u32>], inside: bool) -> Vec<(u32, Vec<u8>)> {
    let mut pieces: Vec<(u32, Vec<u8>)> = Vec::new();
    for (address, byte) in (from..).zip(bytes) {
        let next = ranges.partition_point(|range| range.end <= address);
        if ranges.get(next).is_some_and(|range| range.start <= address) != inside {
            continue;
        }
        match pieces.last_mut() {
            Some((start, piece))
                if usize::try_from(address - *start).is_ok_and(|length| length == piece.len()) =>
            {
                piece.push(*byte)
            }
            _ => pieces.push((address, vec![*byte])),
        }
    }
    pieces
}

fn replace_data(module: &mut Module, pieces: Vec<(u32, Vec<u8>)>) -> anyhow::Result<()> {
    let memory = module.memories.iter().next().context("the module has no memory")?.id();
    let former: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    for data in former {
        module.data.delete(data);
    }
    module.memories.get_mut(memory).data_segments.clear();
    for (from, bytes) in pieces {
        let data = module.data.add(DataKind::Active { memory, offset: at(from) }, bytes);
        module.memories.get_mut(memory).data_segments.insert(data);
    }
    Ok(())
}
