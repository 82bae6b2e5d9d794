//! What a person at a terminal sees: colours and the line that tells how far a run is.

use std::cell::Cell;
use std::time::{Duration, SystemTime};

use contacts_cli::Io;

use crate::run::{example, run_on};

/// A clock that goes on by a quarter of a second whenever somebody looks at it.
fn clock() -> impl Fn() -> SystemTime {
    let looks = Cell::new(0);
    move || {
        looks.set(looks.get() + 1);
        SystemTime::UNIX_EPOCH
            + Duration::from_secs(1_800_000_000)
            + Duration::from_millis(250) * looks.get()
    }
}

fn seen(columns: usize, no_color: Option<&str>) -> String {
    let no_color = no_color.map(str::to_owned);
    let io = Io::for_tests()
        .with_environment(move |name| (name == "NO_COLOR").then(|| no_color.clone()).flatten())
        .with_terminal(columns)
        .with_clock(clock());
    let file = example("contacts-with-problems.csv");
    let ran = run_on(io, &["apply", &file, "--sandbox", "--yes"]);
    // An escape as people write it, and each drawing of the line on a line of its own.
    let text = ran.to_string().replace('\u{1b}', "^[").replace('\r', "\n");
    let mut lines: Vec<_> = text.lines().map(without_rate).collect();
    lines.dedup();
    lines.join("\n")
}

/// How often a slow machine draws the line again while nothing comes decides about the rate, which
/// a test of its own watches over.
fn without_rate(line: &str) -> String {
    let Some((before, _)) = line.split_once("/s, ") else {
        return line.to_owned();
    };
    let (before, _) = before.rsplit_once(' ').unwrap();
    format!("{before} RATE/s, TIME left")
}

#[test]
fn a_run_at_80_columns_in_colour() {
    insta::assert_snapshot!(seen(80, None));
}

#[test]
fn a_run_at_120_columns_without_colour() {
    insta::assert_snapshot!(seen(120, Some("1")));
}

#[test]
fn colour_and_width_change_nothing_else() {
    let plain = |text: String| {
        let stdout = text.split("----- stderr").next().unwrap().to_owned();
        ["^[[31m", "^[[32m", "^[[33m", "^[[0m"]
            .iter()
            .fold(stdout, |text, code| text.replace(code, ""))
    };
    let first = plain(seen(80, None));
    for other in [
        seen(120, None),
        seen(80, Some("1")),
        seen(120, Some("1")),
        seen(80, Some("")),
    ] {
        assert_eq!(plain(other), first);
    }
    assert!(
        seen(80, Some("")).contains("^[[31m"),
        "an empty NO_COLOR is none"
    );
    assert!(!seen(80, Some("1")).contains("^[[31m"));
}
