//! Output on a terminal: colours and the progress line.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use contacts_cli::Io;

use crate::run::{example, run_on};

/// Standard output with a clock that advances by a quarter of a second with each write, so that the
/// speed of the machine does not matter.
#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>, Rc<Cell<u32>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.1.set(self.1.get() + 1);
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn seen(columns: usize, no_color: Option<&str>) -> String {
    let environment = [("NO_COLOR", no_color), ("TERM", Some("xterm-256color"))];
    seen_with(columns, &environment)
}

fn seen_with(columns: usize, environment: &[(&str, Option<&str>)]) -> String {
    let value = |name: &str| environment.iter().find(|(key, _)| *key == name)?.1;
    let written = Written::default();
    let pieces = Rc::clone(&written.1);
    let started = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let io = Io::for_tests()
        .with_environment(|name| value(name).map(str::to_owned))
        .with_stdout(written.clone())
        .with_terminal(columns)
        .with_clock(move || started + Duration::from_millis(250) * pieces.get());
    let file = example("contacts-with-problems.csv");
    let mut ran = run_on(io, &["apply", &file, "--sandbox", "--yes"]);
    ran.stdout = String::from_utf8(written.0.take()).unwrap();
    // Shows escapes in text form and each version of the progress line on its own line.
    ran.to_string().replace('\u{1b}', "^[").replace('\r', "\n")
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

#[test]
fn a_terminal_that_understands_no_control_sequences_gets_plain_lines() {
    for term in [Some("dumb"), Some("unknown"), Some(""), None] {
        let text = seen_with(80, &[("TERM", term)]);
        assert!(!text.contains("^["), "{term:?}: {text}");
        let lines = seen(80, Some("1"));
        let stdout = |text: &str| text.split("\n----- stderr").next().unwrap().to_owned();
        assert_eq!(stdout(&text), stdout(&lines), "{term:?}");
        assert!(!text.contains("----- stderr"), "{term:?}: no progress line");
    }
}
