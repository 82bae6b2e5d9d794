//! Searches.

use std::borrow::Cow;
use std::fmt::Write;
use std::time::{Duration, SystemTime};

use contacts_bulk::search::{ReadReason, SearchResult, Source, SourceState, SourceUse};
use contacts_core::printable;

use super::table::table;
use super::{orders, plural};

/// What was asked, when, what it covers, and how many orders were read.
pub(crate) fn sources(result: &SearchResult) -> String {
    let sources = result.sources().iter();
    let rows = sources.map(|used| {
        let asked = used.asked.max(SystemTime::UNIX_EPOCH);
        let asked = humantime::format_rfc3339_seconds(asked).to_string();
        [
            Cow::from(used.source.to_string()),
            asked.into(),
            outcome(used, result.listed()).into(),
        ]
    });
    let mut text = table(&rows.collect::<Vec<_>>());
    let _ = write!(text, "{} of {}", result.read(), orders(result.listed()));
    text += " read";
    if result.sampled() > 0 {
        let _ = write!(text, ", {} of them as a random sample", result.sampled());
    }
    if !result.failed().is_empty() {
        let _ = write!(text, ", {} could not be read", result.failed().len());
    }
    let contacts = plural(result.contacts(), "contact");
    let _ = writeln!(
        text,
        "; {contacts} found in {}",
        orders(result.orders().len())
    );
    text
}

/// What a report says of the orders that a run changed.
pub(crate) fn asked(used: &SourceUse, changed: usize) -> String {
    format!("{}: {}\n", used.source, outcome(used, changed))
}

/// Orders of which it is not known whether they match.
pub(crate) fn unsearched(count: usize) -> String {
    let count = orders(count);
    format!("{count} could not be searched and may name the person; run the command again")
}

fn outcome(used: &SourceUse, listed: usize) -> String {
    let covered = format!("{} of {}", used.orders, orders(listed));
    match used.state {
        SourceState::Used if used.source == Source::OrderList => orders(listed),
        SourceState::Used if used.source == Source::ListSearch => {
            format!("found {}", orders(used.orders))
        }
        SourceState::Used => format!("covers {covered}"),
        SourceState::Missing => "the account does not have it".to_owned(),
        SourceState::Failed => {
            let failure = used.failure.as_ref().map(ToString::to_string);
            format!("failed: {}", printable(&failure.unwrap_or_default()))
        }
        SourceState::Unusable => "not usable".to_owned(),
        SourceState::Behind => {
            format!("covers {covered}, but is behind; the search of the list knows what changed")
        }
        SourceState::Contradicted => {
            format!("covers {covered}, but differs from an order that was read; not used")
        }
        _ => String::new(),
    }
}

/// Whether orders are read that a complete and current report would have excluded.
pub(crate) const fn is_unexpected(reason: ReadReason) -> bool {
    matches!(reason, ReadReason::NotCovered | ReadReason::Contradicted(_))
}

/// Announces that orders will be read.
pub(crate) fn reading(count: usize, reason: ReadReason, minimum: Duration) -> String {
    let count = orders(count);
    let mut text = match reason {
        ReadReason::Candidate => format!("reading {count} that may match"),
        ReadReason::Sample => format!("reading a random sample of {count}"),
        ReadReason::Contradicted(source) => {
            format!("the {source} differs from an order that was read; reading {count}")
        }
        ReadReason::NotCovered => format!("reading {count} that no report covers"),
        _ => format!("reading {count}"),
    };
    if !minimum.is_zero() {
        let minimum = humantime::format_duration(minimum);
        let _ = write!(text, ", which takes at least {minimum} at the rate limit");
    }
    text + "\n"
}
