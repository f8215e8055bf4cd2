//! The options for time-outs and limits.

use crate::{parse, process};
use agentuser::core::operation::Limits;
use agentuser::core::token;
use agentuser::{Builder, Quotas};
use clap::Args;
use std::time::Duration;

#[derive(Debug, Args)]
#[command(next_help_heading = "Time-outs and limits")]
pub(crate) struct SettingOptions {
    /// End the command in good order after this long, such as 90s, 15m or 2h; a wait that Graph asks for beyond that ends it at once
    #[arg(long, global = true, hide_short_help = true, value_name = "TIME", value_parser = parse::duration)]
    pub(crate) timeout: Option<Duration>,
    /// Give up when the server has answered nothing for this long
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "TIME",
        default_value = "2m",
        value_parser = parse::duration
    )]
    pub(crate) outage_timeout: Duration,
    /// How long a read may take before it is asked again; 15s by default, and each further try twice as long
    #[arg(long, global = true, hide_short_help = true, value_name = "TIME", value_parser = parse::duration)]
    read_timeout: Option<Duration>,
    /// How long one request may take at most; 60s by default
    #[arg(long, global = true, hide_short_help = true, value_name = "TIME", value_parser = parse::duration)]
    request_timeout: Option<Duration>,
    /// How long create and roster wait for an agent identity that is not there yet, such as 15s or 2m; 15s by default
    #[arg(long, global = true, hide_short_help = true, value_name = "TIME", value_parser = parse::duration)]
    parent_timeout: Option<Duration>,
    /// The longest wait that the server may ask for; 1h by default. A request that is asked for more fails at once
    #[arg(long, global = true, hide_short_help = true, value_name = "TIME", value_parser = parse::duration)]
    longest_retry_after: Option<Duration>,
    /// The most entries of a list from Graph; 5000000 by default
    #[arg(long, global = true, hide_short_help = true, value_name = "N")]
    max_entries: Option<usize>,
    /// How many pages of a list in a row may bring nothing new; 1000 by default
    #[arg(long, global = true, hide_short_help = true, value_name = "N")]
    max_empty_pages: Option<usize>,
    /// The most bytes that an answer may have; 16777216 by default
    #[arg(long, global = true, hide_short_help = true, value_name = "N")]
    max_answer_bytes: Option<usize>,
    /// The most bytes that a token or a client secret may have
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        env = "AGENTUSER_MAX_TOKEN_BYTES", hide_env_values = true,
        value_name = "N",
        default_value_t = token::MAX_BYTES
    )]
    pub(crate) max_token_bytes: usize,
    /// The most requests in flight at a time
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "N",
        default_value_t = default_in_flight(),
        value_parser = clap::value_parser!(u16).range(1..=256)
    )]
    in_flight: u16,
    /// The size of the tenant, which sets its quota of reads; learned from Graph's answers unless given
    #[arg(long, global = true, hide_short_help = true, value_name = "SIZE", value_enum)]
    tenant_size: Option<TenantSize>,
    /// Send each request of a roster on its own, not up to 20 together by $batch
    #[arg(long, global = true, hide_short_help = true)]
    no_batch: bool,
}

impl SettingOptions {
    /// The builder of a client with these settings.
    pub(crate) fn apply(&self, builder: Builder) -> Builder {
        let quotas = Quotas { tenant_size: self.tenant_size.map(Into::into), ..Quotas::default() };
        let mut builder =
            builder.in_flight(self.in_flight()).quotas(quotas).max_token_bytes(self.max_token_bytes);
        if self.no_batch {
            builder = builder.batch(1);
        }
        if let Some(bytes) = self.max_answer_bytes {
            builder = builder.answer_limit(bytes);
        }
        let times = [
            self.read_timeout,
            self.request_timeout,
            self.parent_timeout,
            self.longest_retry_after,
            Some(self.outage_timeout),
        ];
        let (entries, empty_pages) = (self.max_entries, self.max_empty_pages);
        builder.settings(move |settings| {
            let [read, request, parent, retry_after, outage] = times;
            for (given, setting) in [
                (read, &mut settings.read_timeout),
                (request, &mut settings.request_timeout),
                (parent, &mut settings.parent_timeout),
                (retry_after, &mut settings.retry.longest_retry_after),
                (outage, &mut settings.outage_timeout),
            ] {
                *setting = given.unwrap_or(*setting);
            }
            settings.max_entries = entries.unwrap_or(settings.max_entries);
            settings.max_empty_pages = empty_pages.unwrap_or(settings.max_empty_pages);
        })
    }

    /// As many requests as were asked for and as the process may open files.
    fn in_flight(&self) -> usize {
        let in_flight = usize::from(self.in_flight);
        // Some files are open for other things than requests.
        process::open_files().map_or(in_flight, |files| {
            in_flight.min(usize::try_from(files.saturating_sub(8).max(1)).unwrap_or(usize::MAX))
        })
    }
}

fn default_in_flight() -> u16 {
    u16::try_from(Limits::default().in_flight).unwrap_or(u16::MAX)
}

/// As Microsoft's limits tell tenants apart.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum TenantSize {
    /// Fewer than 50 users
    Small,
    /// 50 to 500 users
    Medium,
    /// More than 500 users
    Large,
}

impl From<TenantSize> for agentuser::TenantSize {
    fn from(size: TenantSize) -> Self {
        match size {
            TenantSize::Small => Self::Small,
            TenantSize::Medium => Self::Medium,
            TenantSize::Large => Self::Large,
        }
    }
}
