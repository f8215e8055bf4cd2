//! The first page: what the report is about, its numbers, and what was not checked.

use super::super::document::{Document, Gap, Head};
use super::super::escape::{escape, escaped};
use super::{chart, class};

const STYLE: &str = include_str!("style.css");

pub(super) fn write(document: &Document, out: &mut String) {
    let head = &document.head;
    out.push_str(
        "<!doctype html>\n<html lang=en><head><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width,initial-scale=1\">\
         <meta http-equiv=Content-Security-Policy content=\"default-src 'none';style-src 'unsafe-inline'\">\
         <meta name=referrer content=no-referrer><title>",
    );
    escape(&head.title, out);
    out.push_str("</title><style>");
    out.push_str(STYLE);
    out.push_str("</style></head>\n<body><main><h1>");
    escape(&head.title, out);
    out.push_str("</h1>");
    facts(head, out);
    tiles(document, out);
    gaps(&document.gaps, out);
    if !document.figures.is_empty() {
        out.push_str("<div class=figures>");
        document.figures.iter().for_each(|figure| chart::write(figure, out));
        out.push_str("</div>\n");
    }
}

fn facts(head: &Head, out: &mut String) {
    let took = head.took_ms.map(duration);
    let made_at = head.made_at.as_deref().map(moment);
    let known = [
        ("Tenant", head.tenant.clone()),
        ("Made by", head.author.clone()),
        ("Made at", made_at),
        ("Took", took),
    ];
    let known = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    out.push_str("<dl>");
    for (name, value) in known.chain(head.facts.iter().cloned()) {
        out.push_str(&format!("<dt>{}<dd>{}", escaped(&name), escaped(&value)));
    }
    out.push_str("</dl>\n");
}

/// A moment as people write it, with its zone: `2026-06-01 12:00:00 UTC`.
fn moment(text: &str) -> String {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    match time.strip_suffix('Z') {
        Some(time) => format!("{day} {} UTC", time.split('.').next().unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A time in minutes and seconds.
pub(super) fn duration(ms: u64) -> String {
    match (ms / 60_000, ms / 1000 % 60) {
        (0, 0) => format!("{ms} ms"),
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// The numbers of the groups, each of which leads to its rows.
fn tiles(document: &Document, out: &mut String) {
    if document.counts.is_empty() {
        return;
    }
    out.push_str("<ul class=tiles>");
    for (group, count) in &document.counts {
        let (id, label) = (class(*group), group.title());
        let text = format!("<b>{count}</b>{label}");
        let text = if *count > 0 { format!("<a href=#{id}>{text}</a>") } else { text };
        out.push_str(&format!("<li class={id}>{text}"));
    }
    out.push_str("</ul>\n");
}

fn gaps(gaps: &[Gap], out: &mut String) {
    if gaps.is_empty() {
        return;
    }
    out.push_str("<section class=gaps><h2>Not everything was checked. What was not is neither found nor clean.</h2><ul>");
    for Gap { needs, rules } in gaps {
        out.push_str(&format!("<li>{}: {}", escaped(needs), escaped(&rules.join(", "))));
    }
    out.push_str("</ul></section>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_their_zone_and_times_their_unit() {
        assert_eq!(moment("2026-06-01T12:00:00.123Z"), "2026-06-01 12:00:00 UTC");
        assert_eq!(moment("2026-06-01T12:00:00+02:00"), "2026-06-01T12:00:00+02:00");
        assert_eq!(moment("today"), "today");
        for (ms, text) in [(7, "7 ms"), (1_999, "1 s"), (61_000, "1 min 1 s"), (7_200_000, "120 min 0 s")] {
            assert_eq!(duration(ms), text);
        }
    }
}
