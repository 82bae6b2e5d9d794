//! How a run over orders ends: what is told last, and the exit code.

use std::path::Path;

use contacts_bulk::{Report, Verdict};

use crate::abort::exit_of;
use crate::args::{Connection, Region};
use crate::exit::Exit;
use crate::io::Io;
use crate::view;

/// `resume` is the command line that goes on with the run.
pub(crate) fn exit(report: &Report, resume: Option<&str>, io: &mut Io<'_>) -> Exit {
    let summary = report.summary();
    let resume = resume.filter(|_| is_open(report));
    if let Some(failure) = report.stopped() {
        let exit = exit_of(failure);
        if summary.not_tried > 0 {
            io.err(&view::text::stopped(failure, summary.not_tried, resume));
            return exit;
        }
        io.err(&resume.map(view::text::go_on).unwrap_or_default());
        // It ran to its end, only not well; but what stops others is worth telling.
        return if exit == Exit::Failed {
            Exit::SomeFailed
        } else {
            exit
        };
    }
    io.err(&resume.map(view::text::go_on).unwrap_or_default());
    if summary.nothing_failed() {
        Exit::Done
    } else {
        Exit::SomeFailed
    }
}

/// Whether going on with the run would try any order.
pub(crate) fn is_open(report: &Report) -> bool {
    let mut orders = report.orders().iter();
    orders.any(|order| match order.verdict() {
        Verdict::NotTried => true,
        Verdict::Failed(failure) => failure.may_pass(),
        _ => false,
    })
}

/// The command line that goes on with a run.
pub(crate) fn resume_command(journal: &Path, connection: &Connection) -> String {
    let mut words = vec![
        "digicert-contacts resume".to_owned(),
        quoted(&journal.display().to_string()),
    ];
    if connection.sandbox {
        words.push("--sandbox".to_owned());
    }
    if matches!(connection.region, Region::Eu) {
        words.push("--region eu".to_owned());
    }
    if let Some(url) = &connection.base_url {
        words.push(format!("--base-url {}", quoted(url)));
    }
    if let Some(file) = &connection.api_key_file {
        words.push(format!(
            "--api-key-file {}",
            quoted(&file.display().to_string())
        ));
    }
    words.join(" ")
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    let word = contacts_core::printable(word);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_name_is_one_word_to_a_shell() {
        for (name, word) in [
            ("run.jsonl", "run.jsonl"),
            ("my run.jsonl", "'my run.jsonl'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(name), word);
        }
    }
}
