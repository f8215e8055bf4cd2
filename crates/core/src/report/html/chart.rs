//! A chart of bars, as SVG that takes the width of the page without being scaled.

use super::super::document::{Bar, Figure};
use super::super::escape::{escape, escaped};
use super::class;

/// The height of a bar with its label.
const STEP: usize = 36;

pub(super) fn write(figure: &Figure, out: &mut String) {
    let most = figure.bars.iter().map(|bar| bar.count).max().unwrap_or_default().max(1);
    let said: Vec<String> = figure.bars.iter().map(|bar| format!("{} {}", bar.label, bar.count)).collect();
    out.push_str("<figure><figcaption>");
    escape(&figure.title, out);
    let (height, said) = (figure.bars.len() * STEP, escaped(&said.join(", ")));
    out.push_str(&format!("</figcaption><svg role=img aria-label=\"{said}\" width=100% height={height}>"));
    for (at, Bar { label, count, group }) in figure.bars.iter().enumerate() {
        let (text, bar) = (at * STEP + 14, at * STEP + 20);
        let (width, label) = (count * 100 / most, escaped(label));
        let class = group.map(|group| format!(" class={}", class(group))).unwrap_or_default();
        out.push_str(&format!(
            "<g{class}><text y={text}>{label}</text><text x=100% y={text} text-anchor=end>{count}</text>\
             <rect class=t y={bar} width=100% height=8 rx=4 /><rect class=b y={bar} width={width}% height=8 rx=4 /></g>"
        ));
    }
    out.push_str("</svg></figure>\n");
}
