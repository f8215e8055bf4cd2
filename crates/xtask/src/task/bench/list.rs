//! Lists from one server: through every binding, by Microsoft's clients, and by the least code that can list.

use super::microsoft_clients;
use super::page_server::Pages;
use super::process_cost::{Cost, measure};
use super::{Bindings, output};
use crate::build::{cargo_artifacts, dotnet_sdk};
use anyhow::{Context as _, ensure};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// A program that lists.
struct Program<'a> {
    name: String,
    /// The command for an endpoint.
    command: Box<dyn Fn(&str) -> Command + 'a>,
    ours: bool,
}

/// The tenants: none, a hundredth, a tenth and all of the agent users.
const PARTS: [u32; 4] = [0, 100, 10, 1];
const NONE: usize = 0;
const HUNDREDTH: usize = 1;
const TENTH: usize = 2;
const ALL: usize = 3;

const FLOOR: &str = "the floor: reqwest, serde_json";
const RUST: &str = "Rust";
const JAVASCRIPT: &str = "Microsoft, JavaScript";
const PYTHON: &str = "Microsoft, Python";
const POWERSHELL: &str = "PowerShell, `Get-AgentUser -All` kept";
const LOOP: &str = "PowerShell, a loop of `Invoke-RestMethod` kept";
const COMMAND_LINE: &str = "the command line, `--json`";

impl<'a> Program<'a> {
    fn new(name: &str, ours: bool, command: impl Fn(&str) -> Command + 'a) -> Self {
        Self { name: name.to_owned(), command: Box::new(command), ours }
    }

    /// The tenants that it lists. Microsoft's Python SDK takes milliseconds for every user: it lists a hundredth.
    fn tenants(&self) -> &'static [usize] {
        if self.name == PYTHON { &[NONE, HUNDREDTH] } else { &[NONE, TENTH, ALL] }
    }

    /// The number of agent users that it lists there, and of the bytes that it allocates for each where it tells that.
    fn listed(&self, endpoint: &str) -> anyhow::Result<(u32, Option<u32>)> {
        let said = output(&mut (self.command)(endpoint))?;
        // The command line prints a line for each.
        if self.name == COMMAND_LINE {
            return Ok((u32::try_from(said.lines().count())?, None));
        }
        let number = said.lines().next_back().and_then(|line| line.split(' ').next()?.parse().ok());
        let allocated =
            said.lines().find_map(|line| line.strip_suffix(" bytes allocated for each")?.parse().ok());
        Ok((number.with_context(|| format!("{} prints no number", self.name))?, allocated))
    }

    /// The cost to list all, from the costs of its tenants.
    fn all(&self, [none, hundredth, _, all]: &[Option<Cost>; 4]) -> Cost {
        let part = hundredth.unwrap_or_default();
        all.unwrap_or_else(|| {
            let none = none.unwrap_or_default();
            let times = |part: Duration, none: Duration| none + part.saturating_sub(none) * 100;
            Cost { wall: times(part.wall, none.wall), cpu: times(part.cpu, none.cpu), peak: part.peak }
        })
    }
}

/// The tables.
pub(super) fn table(
    root: &Path,
    bindings: &Bindings<'_>,
    agent_users: u32,
    times: usize,
) -> anyhow::Result<String> {
    let counts = PARTS.map(|part| agent_users.checked_div(part).unwrap_or_default());
    let (programs, notes) = programs(root, bindings)?;
    let pages = Pages::serve(root, &counts)?;
    let endpoint = |tenant: usize| pages.endpoints().get(tenant).context("every tenant has an endpoint");
    let mut allocated = None;
    for program in &programs {
        for &tenant in program.tenants() {
            let (listed, for_each) = program.listed(endpoint(tenant)?)?;
            let count = counts.get(tenant).copied();
            ensure!(Some(listed) == count, "{} lists {listed} of {count:?}", program.name);
            allocated = for_each.or(allocated);
        }
    }
    let mut runs: Vec<[Vec<Cost>; 4]> = programs.iter().map(|_| Default::default()).collect();
    for _ in 0..times {
        for (program, runs) in programs.iter().zip(&mut runs) {
            for &tenant in program.tenants() {
                let cost = measure(&mut (program.command)(endpoint(tenant)?));
                let cost = cost.with_context(|| program.name.clone())?;
                runs.get_mut(tenant).context("every tenant has its runs")?.push(cost);
            }
        }
    }
    let medians = runs.iter().map(|runs| runs.each_ref().map(|runs| Cost::median(runs)));
    let costs: Vec<_> = programs.iter().zip(medians).collect();
    let mut lines = vec![
        format!("## {agent_users} agent users listed\n"),
        format!(
            "Pages of 999, rendered beforehand, over loopback without TLS; whole processes; medians of {times} runs \
             in turns. The Python SDK lists a hundredth, and that is multiplied.\n"
        ),
    ];
    lines.extend(compared(&costs)?);
    lines.extend(
        allocated.map(|bytes| {
            format!("| PowerShell, bytes allocated for an agent user: at most 1,300 | {bytes} |")
        }),
    );
    lines.extend(notes.into_iter().map(|note| format!("\n{note}")));
    Ok(lines.join("\n"))
}

/// The tables: all agent users, the starts alone, and the aims.
fn compared(costs: &[(&Program<'_>, [Option<Cost>; 4])]) -> anyhow::Result<Vec<String>> {
    let all = |name: &str| {
        let found = costs.iter().find(|(program, _)| program.name == name);
        found.map(|(program, costs)| program.all(costs))
    };
    let floor = all(FLOOR).context("the floor is measured")?;
    let javascript = all(JAVASCRIPT);
    let beside_javascript = |cpu| javascript.map_or("?".to_owned(), |javascript| ratio(cpu, javascript.cpu));
    let mut lines = vec![
        "| | wall, ms | beside the floor | CPU, ms | beside the floor | beside Microsoft's JavaScript \
         | peak, MB: of none | of a tenth | of all |\n|---|---|---|---|---|---|---|---|---|"
            .to_owned(),
    ];
    let (mut starts, mut above) = (Vec::new(), Vec::new());
    for (program, costs) in costs {
        let (all, [none, _, tenth, _]) = (program.all(costs), costs);
        let none = none.unwrap_or_default();
        lines.push(format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            program.name,
            all.wall.as_millis(),
            ratio(all.wall, floor.wall),
            all.cpu.as_millis(),
            ratio(all.cpu, floor.cpu),
            beside_javascript(all.cpu),
            mb(none.peak),
            tenth.map_or("".to_owned(), |tenth| mb(tenth.peak)),
            mb(all.peak),
        ));
        starts.push(format!("| {} | {} | {} |", program.name, none.wall.as_millis(), none.cpu.as_millis()));
        if program.ours {
            above.push(format!("{} {}", mb(all.peak.saturating_sub(none.peak)), program.name));
        }
    }
    lines.push(
        "\nOf that the start, which is a list of nothing:\n\n| | wall, ms | CPU, ms |\n|---|---|---|"
            .to_owned(),
    );
    lines.extend(starts);
    let rust = all(RUST).context("Rust is measured")?;
    lines.push(format!(
        "\n| aim | reached |\n|---|---|\n| Rust, wall beside the floor: at most 1.25 | {} |\n\
         | Rust, CPU beside Microsoft's JavaScript client: at most 0.25 | {} |\n\
         | MB above the start: at most 30 | {} |",
        ratio(rust.wall, floor.wall),
        beside_javascript(rust.cpu),
        above.join("; "),
    ));
    lines.extend(beside_the_loop(costs));
    Ok(lines)
}

/// PowerShell beside the loop that scripts have today, each above its own start.
fn beside_the_loop(costs: &[(&Program<'_>, [Option<Cost>; 4])]) -> Option<String> {
    let above = |name: &str| {
        let (_, [none, _, _, all]) = costs.iter().find(|(program, _)| program.name == name)?;
        let (none, all) = ((*none)?, (*all)?);
        Some((all.wall.saturating_sub(none.wall), all.peak.saturating_sub(none.peak)))
    };
    let ((wall, peak), (loop_wall, loop_peak)) = (above(POWERSHELL)?, above(LOOP)?);
    Some(format!(
        "| PowerShell above its start, beside the loop: at most 1/14 of the time, 1/6 of the memory \
         | 1/{} of {} ms, 1/{:.1} of {} MB |",
        ratio(loop_wall, wall),
        loop_wall.as_millis(),
        f64::from(u32::try_from(loop_peak).ok()?) / f64::from(u32::try_from(peak).ok()?.max(1)),
        mb(loop_peak),
    ))
}

/// The programs in the order of the table, and notes about them.
fn programs<'a>(
    root: &'a Path,
    bindings: &'a Bindings<'a>,
) -> anyhow::Result<(Vec<Program<'a>>, Vec<String>)> {
    let mut notes = Vec::new();
    let mut programs = native_programs(root, bindings)?;
    programs.extend(dotnet_programs(root, bindings, &mut notes)?);
    match &bindings.package {
        Ok(package) => programs.push(Program::new("Node, parsed objects", true, |endpoint| {
            package.node(&["tests/bench/list.mjs", endpoint, "token"])
        })),
        Err(missing) => notes.push(format!("Node is left out: {missing}.")),
    }
    for (name, peer) in
        [(JAVASCRIPT, microsoft_clients::javascript(root)), (PYTHON, microsoft_clients::python(root))]
    {
        match peer {
            Ok(peer) => {
                notes.push(format!("{name}: {}.", peer.version));
                programs.push(Program::new(name, false, move |endpoint| with(peer.command(), &[endpoint])));
            }
            Err(why) => notes.push(format!("{name} is left out: {why}.")),
        }
    }
    Ok((programs, notes))
}

/// The floor, Rust, C, the command line, and Python by the C library.
fn native_programs<'a>(root: &'a Path, bindings: &'a Bindings<'a>) -> anyhow::Result<Vec<Program<'a>>> {
    let floor = cargo_artifacts::bench_program(root, "floor")?;
    let rust = cargo_artifacts::bench_program(root, "list")?;
    let c = bindings.library.with_file_name("agentuser-list-c");
    cargo_artifacts::c_program(root, "tests/bench/list.c", &bindings.library, &c, &[])?;
    Ok(vec![
        Program::new(FLOOR, false, move |endpoint| with(Command::new(&floor), &[endpoint])),
        Program::new(RUST, true, move |endpoint| with(Command::new(&rust), &[endpoint, "token"])),
        Program::new("C, by rows", true, move |endpoint| {
            let mut command = with(Command::new(&c), &[endpoint, "token"]);
            // cargo's own setting leads to the library that it built for tests.
            command.env_remove("LD_LIBRARY_PATH");
            command
        }),
        Program::new(COMMAND_LINE, true, |endpoint| {
            let mut command = Command::new(&bindings.command_line);
            command.args(["list", "--json", "--graph-endpoint", endpoint]).env("AGENTUSER_TOKEN", "token");
            command
        }),
        Program::new("Python, ctypes, JSON pages", true, move |endpoint| {
            let command = with(Command::new("python3"), &["tests/bench/list.py", endpoint, "token"]);
            let mut command = native(command, &bindings.library);
            command.current_dir(root);
            command
        }),
    ])
}

/// .NET and PowerShell, and notes about those that are left out.
fn dotnet_programs<'a>(
    root: &'a Path,
    bindings: &'a Bindings<'a>,
    notes: &mut Vec<String>,
) -> anyhow::Result<Vec<Program<'a>>> {
    let mut programs = Vec::new();
    match bindings.dotnet {
        Some(dotnet) => {
            dotnet.run(root, &["build", "dotnet/AgentUser.Bench", "-c", "Release", "-v", "quiet"])?;
            let program = "dotnet/AgentUser.Bench/bin/Release/net10.0/AgentUser.Bench.dll";
            programs.push(Program::new(".NET, typed objects", true, move |endpoint| {
                native(dotnet.command(root, &[program, endpoint, "token"]), &bindings.library)
            }));
        }
        None => notes.push(format!(".NET is left out: {}.", dotnet_sdk::MISSING)),
    }
    match &bindings.module {
        Ok(module) => {
            for (name, ours, script) in [(POWERSHELL, true, "list.ps1"), (LOOP, false, "list-by-loop.ps1")] {
                programs.push(Program::new(name, ours, move |endpoint| {
                    native(with(module.command(root, script), &[endpoint, "token"]), &bindings.library)
                }));
            }
        }
        Err(why) => notes.push(format!("PowerShell is left out: {why}.")),
    }
    Ok(programs)
}

/// The command with the library that is measured.
fn native(mut command: Command, library: &Path) -> Command {
    command.env_remove("LD_LIBRARY_PATH").env("AGENTUSER_NATIVE_LIBRARY", library);
    command
}

fn with(mut command: Command, arguments: &[&str]) -> Command {
    command.args(arguments);
    command
}

fn ratio(one: Duration, other: Duration) -> String {
    format!("{:.2}", one.as_secs_f64() / other.as_secs_f64().max(1e-9))
}

#[allow(clippy::cast_precision_loss)]
fn mb(kib: u64) -> String {
    format!("{:.1}", kib as f64 / 1024.0)
}
