//! The list of runs.

use std::borrow::Cow;
use std::fmt::Write;

use super::plural;
use super::table::table;
use crate::command::runs::ListedRun;
use crate::session;

/// A table of the runs, and the journals that were removed.
pub(crate) fn runs(runs: &[ListedRun], removed: &[ListedRun]) -> String {
    const HEADER: [&str; 7] = [
        "STARTED",
        "STATE",
        "ORDERS",
        "CHANGED",
        "NOT CHANGED",
        "REMAINING",
        "JOURNAL",
    ];
    let rows = runs.iter().map(row);
    let rows: Vec<_> = [HEADER.map(Cow::from)].into_iter().chain(rows).collect();
    let mut text = match runs {
        [] => "no runs\n".to_owned(),
        _ => table(&rows),
    };
    for run in removed {
        let _ = writeln!(text, "removed {}", session::name(&run.journal));
    }
    if !removed.is_empty() {
        let _ = writeln!(text, "{} removed", plural(removed.len(), "journal"));
    }
    text
}

fn row(run: &ListedRun) -> [Cow<'static, str>; 7] {
    let journal = session::name(&run.journal).into();
    let state = run.state.to_string().replace('-', " ").into();
    let Some(progress) = &run.progress else {
        return [
            "".into(),
            state,
            "".into(),
            "".into(),
            "".into(),
            "".into(),
            journal,
        ];
    };
    let started = progress.started.split('.').next().unwrap_or_default();
    let started = started.trim_end_matches('Z').replace('T', " ");
    [
        started.into(),
        state,
        progress.orders.to_string().into(),
        progress.changed.to_string().into(),
        progress.not_changed.to_string().into(),
        progress.remaining.to_string().into(),
        journal,
    ]
}
