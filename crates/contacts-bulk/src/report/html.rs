//! The report of a run as one HTML page for a change ticket. It loads nothing, and only its own style
//! and script can run.

mod chart;
mod row;

use std::collections::HashMap;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contacts_core::{OrderId, printable};
use sha2::{Digest, Sha256};

use crate::journal::Timeline;
use crate::journal::replay::Replay;
use crate::plan::order::PlannedOrder;
use crate::report::RunSummary;
use crate::report::html::chart::Point;
use crate::report::html::row::{LABELS, Row};
use crate::run::sample::Sample;

const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");
/// More people than these are counted, not listed.
const MAX_PEOPLE: usize = 20;

/// Writes the report of a run as one self-contained HTML page. `run_by` names who ran it.
#[must_use]
pub fn html_report(replay: &Replay, timeline: &Timeline, run_by: Option<&str>) -> String {
    let finished: HashMap<OrderId, _> = timeline.finished().collect();
    let planned = replay.plan().plan().orders();
    let mut rows: Vec<_> = planned
        .iter()
        .zip(replay.orders())
        .zip(&replay.progress)
        .map(|((order, (id, result)), progress)| {
            let elapsed = finished.get(&id).copied();
            Row::new(order, result.as_ref(), progress.has_mismatch, elapsed)
        })
        .collect();
    rows.sort_by_key(Row::rank);
    let results: HashMap<_, _> = rows.iter().map(|row| (row.order, row.result)).collect();
    let points = timeline.finished().filter_map(|(order, elapsed)| {
        let result = *results.get(&order)?;
        Some(Point { elapsed, result })
    });
    let mut page = head("Change of order contacts");
    page += &counts(&rows);
    page += &facts(replay, timeline, run_by);
    page += &updates(planned);
    if let Some(chart) = chart::progress(&points.collect::<Vec<_>>()) {
        page += "<h2>Progress</h2>\n";
        page += &chart;
    }
    page += &table(&rows);
    page += "<script type=\"application/json\" id=\"data\">";
    page += &in_script(&serde_json::to_string(&rows).unwrap_or_default());
    let _ = write!(
        page,
        "</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    );
    page
}

/// The content security policy allows only this style and this script.
pub(super) fn head(title: &str) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        hash(STYLE),
        hash(SCRIPT),
    )
}

fn facts(replay: &Replay, timeline: &Timeline, run_by: Option<&str>) -> String {
    let plan = replay.plan();
    let mut text = "<h2>Run</h2>\n<dl>\n".to_owned();
    let run_by = run_by.unwrap_or("unknown");
    let last = timeline.last().unwrap_or("nothing was sent");
    let verified = verified(replay);
    for (name, value) in [
        ("Run by", run_by),
        ("API", plan.base_url()),
        ("Plan made", plan.created()),
        ("Plan", &plan.digest()),
        ("Run started", replay.created()),
        ("Last entry", last),
        ("Verified", &verified),
    ] {
        let _ = writeln!(text, "<dt>{name}</dt><dd>{}</dd>", escaped(value));
    }
    text + "</dl>\n"
}

/// How many of the changed orders were verified, and how.
fn verified(replay: &Replay) -> String {
    let mut summary = RunSummary::default();
    for result in replay.orders().filter_map(|(_, result)| result) {
        summary.count(&result);
    }
    let (verified, by_report) = (summary.verified, summary.verified_by_report);
    let mut text = format!("{verified} of {} changed", summary.changed);
    if by_report > 0 {
        let read = verified - by_report;
        let _ = write!(text, " ({by_report} by report, {read} by reading)");
    }
    let progress = replay.progress.iter();
    let mismatch = progress.filter(|order| order.has_mismatch).count();
    if mismatch > 0 {
        let _ = write!(text, ", {mismatch} with a mismatch");
    }
    if let Some(sample) = replay.sample {
        let Sample {
            orders,
            changed,
            mismatch,
        } = sample;
        let _ = write!(
            text,
            "; a random sample of {orders} of {changed} had {mismatch} with a mismatch"
        );
    }
    text
}

/// The title, and the number of orders with each result, failures first.
fn counts(rows: &[Row<'_>]) -> String {
    let (orders, s) = (rows.len(), if rows.len() == 1 { "" } else { "s" });
    let mut text = format!(
        "<h1>Change of order contacts</h1>\n<p class=\"muted\">{orders} order{s} of DigiCert, by \
         digicert-contacts {}</p>\n<h2 class=\"hidden\">Results</h2>\n<ul class=\"counts\">\n",
        env!("CARGO_PKG_VERSION")
    );
    for (result, label) in LABELS {
        let count = rows.iter().filter(|row| row.result == result).count();
        if count > 0 {
            let _ = writeln!(text, "<li class=\"{result}\"><b>{count}</b>{label}</li>");
        }
    }
    text + "</ul>\n"
}

/// The contacts of the updates, with the number of orders for each.
fn updates(planned: &[PlannedOrder]) -> String {
    let mut people: Vec<(String, usize)> = Vec::new();
    let mut indices = HashMap::new();
    for order in planned {
        for (contact_type, contact) in order.update().contacts() {
            let person = format!(
                "<td data-label=\"Contact\">{contact_type}</td><td data-label=\"Person\">{} {}</td>\
                 <td data-label=\"E-mail\"><span>{}</span></td>",
                escaped(contact.first_name()),
                escaped(contact.last_name()),
                unbroken(contact.email())
            );
            let index = *indices.entry(person).or_insert_with_key(|person| {
                people.push((person.clone(), 0));
                people.len() - 1
            });
            people[index].1 += 1;
        }
    }
    people.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut text = "<h2 id=\"planned-title\">Planned contacts</h2>\n".to_owned();
    text += "<table id=\"planned\" aria-labelledby=\"planned-title\">\n<thead><tr>";
    for label in ["Contact", "Person", "E-mail", "Orders"] {
        let _ = write!(text, "<th scope=\"col\">{label}</th>");
    }
    text += "</tr></thead>\n<tbody>\n";
    for (person, count) in people.iter().take(MAX_PEOPLE) {
        let _ = writeln!(
            text,
            "<tr>{person}<td data-label=\"Orders\">{count}</td></tr>"
        );
    }
    text += "</tbody>\n</table>\n";
    if people.len() > MAX_PEOPLE {
        let more = people.len() - MAX_PEOPLE;
        let _ = writeln!(text, "<p class=\"muted\">and {more} more people</p>");
    }
    text
}

fn table(rows: &[Row<'_>]) -> String {
    let mut text = "<h2 id=\"orders-title\">Orders</h2>\n<noscript><p>The table needs JavaScript; its data is in this \
                    page.</p></noscript>\n<form>\n<input id=\"search\" type=\"search\" \
                    placeholder=\"Search\" aria-label=\"Search\">\n<select id=\"result\" \
                    aria-label=\"Result\"><option value=\"\">all results</option>"
        .to_owned();
    for (result, label) in LABELS {
        if rows.iter().any(|row| row.result == result) {
            let _ = write!(text, "<option value=\"{result}\">{label}</option>");
        }
    }
    text += "</select>\n<select id=\"size\" aria-label=\"Orders on a page\">";
    for size in [50, 500, 5000] {
        let _ = write!(text, "<option value=\"{size}\">{size} on a page</option>");
    }
    text += "</select>\n</form>\n<table id=\"orders\" \
             aria-labelledby=\"orders-title\">\n<thead><tr>";
    for (by, label) in [
        ("order", "Order"),
        ("name", "Common name"),
        ("label", "Result"),
        ("changes", "Change"),
        ("reason", "Reason"),
        ("time", "Time"),
    ] {
        let _ = write!(
            text,
            "<th scope=\"col\" data-by=\"{by}\" data-label=\"{label}\"><button type=\"button\">{label}</button></th>"
        );
    }
    text += "</tr></thead>\n<tbody></tbody>\n</table>\n<form id=\"pages\"><button type=\"button\" \
             id=\"previous\">Previous</button>\n<button type=\"button\" id=\"next\">Next</button></form>\n\
             <p id=\"shown\" class=\"muted\" role=\"status\"></p>\n";
    text
}

/// Text without white space that breaks after a dot or an at sign only, like `addText` in the script.
pub(super) fn unbroken(text: &str) -> String {
    let parts = text.split_inclusive(['.', '@']);
    let parts = parts.map(|part| format!("<span class=\"part\">{}</span>", escaped(part)));
    parts.collect()
}

/// Escapes text between tags or in a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            '\'' => safe += "&#39;",
            c => safe.push(c),
        }
    }
    safe
}

/// Escapes JSON for a script element, which `</script>` or `<!--` would end.
fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::{escaped, in_script};

    #[test]
    fn no_text_can_become_markup() {
        let text = "</script><img src=x onerror='a(\"&\")'>\u{1b}";
        let safe = escaped(text);
        assert!(!safe.contains(['<', '>', '"', '\'', '\u{1b}']), "{safe}");
        let json = serde_json::to_string(text).unwrap();
        let safe = in_script(&json);
        assert!(!safe.contains(['<', '>', '&']), "{safe}");
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
    }
}
