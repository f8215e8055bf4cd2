//! Says how many validations a second are made: `validate`

use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_core::validate::Upn;
use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

const ROWS: usize = 20_000;
const NAMES: usize = 500_000;
/// The quickest counts: what else the machine does only ever slows it down.
const TIMES: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut file =
        "identityParentId,displayName,userPrincipalName,usageLocation,jobTitle,manager,sponsors,licenses\n"
            .to_owned();
    for n in 1..=ROWS {
        writeln!(
            file,
            "a1d00000-0000-4000-8000-{n:012},Sales Agent {n},sales.{n}@contoso.com,US,Assistant,\
             lead@contoso.com,one@contoso.com;two@contoso.com,AGENT_365"
        )?;
    }
    let settings = RosterSettings::default();
    let names: Vec<String> = (0..1000).map(|n| format!("sales.agent-{n}@contoso.onmicrosoft.com")).collect();
    let (mut rows, mut upns) = (f64::MAX, f64::MAX);
    for _ in 0..TIMES {
        let started = Instant::now();
        let roster = Roster::parse(black_box(file.as_bytes()), &settings)?;
        rows = rows.min(started.elapsed().as_secs_f64());
        if roster.rows().len() != ROWS {
            return Err("the roster has another number of rows".into());
        }
        let started = Instant::now();
        for name in names.iter().cycle().take(NAMES) {
            Upn::parse(black_box(name)).map_err(|wrong| format!("{wrong:?}"))?;
        }
        upns = upns.min(started.elapsed().as_secs_f64());
    }
    println!(r#"{{"rows":{:.0},"upns":{:.0}}}"#, ROWS as f64 / rows, NAMES as f64 / upns);
    Ok(())
}
