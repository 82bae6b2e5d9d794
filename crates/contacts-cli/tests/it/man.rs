//! Manual pages as `man` shows them.
#![cfg(unix)]

use std::io::Write;
use std::process::Stdio;

use contacts_cli::Exit;

use crate::files::Files;
use crate::help::COMMANDS;
use crate::run::run;
use crate::tool::tool;

fn source(command: &str) -> String {
    let args: &[&str] = if command.is_empty() {
        &["man"]
    } else {
        &["man", command]
    };
    run(args).stdout
}

/// A manual page on a terminal of 80 columns; `None` without groff.
fn page(command: &str) -> Option<String> {
    let mut groff = tool("groff")?;
    groff.args(["-man", "-Tascii", "-ww", "-rLL=80n", "-P-cbou"]);
    groff
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut groff = groff.spawn().unwrap();
    let mut input = groff.stdin.take().unwrap();
    input.write_all(source(command).as_bytes()).unwrap();
    drop(input);
    let output = groff.wait_with_output().unwrap();
    assert!(output.stderr.is_empty(), "{command}: {output:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

fn help(command: &str) -> String {
    run(&[command, "--help"][usize::from(command.is_empty())..]).stdout
}

#[test]
fn a_manual_page_fits_on_a_terminal_and_keeps_the_lines_of_examples_and_tables() {
    for command in COMMANDS {
        let Some(page) = page(command) else { return };
        for line in page.lines() {
            assert!(line.len() <= 80, "{command}: {line}");
        }
        let help = help(command);
        let (options, rest) = help.split_once("\nEx").unwrap_or((&help, ""));
        // The text of options is indented by 10.
        let tables = options
            .lines()
            .filter(|line| line.starts_with(&" ".repeat(12)));
        let tables = tables.filter(|_| !command.is_empty());
        let literal = tables.chain(rest.lines().filter(|line| line.starts_with(' ')));
        for line in literal {
            let found = page
                .lines()
                .any(|shown| shown.trim_start() == line.trim_start());
            assert!(found, "{command}: {line}\n{page}");
        }
    }
}

#[test]
fn every_option_of_a_manual_page_has_its_text() {
    for command in COMMANDS {
        let source = source(command);
        let lines: Vec<_> = source.lines().collect();
        for option in lines.windows(3).filter(|lines| lines[0] == ".TP") {
            let text = option[2];
            assert!(
                !text.is_empty() && !text.starts_with('.'),
                "{command}: {option:?}"
            );
        }
    }
    let page = source("whoami");
    let text = "\nShare the rate limit with other processes on this machine that use the same file";
    assert!(page.contains(text), "{page}");
}

#[test]
fn all_pages_are_written_to_the_folder_where_man_finds_them() {
    let files = Files::new();
    let folder = files.path("man/man1");
    for _ in 0..2 {
        let ran = run(&["man", "--output-dir", &folder]);
        assert_eq!(ran.exit, Exit::Done, "{ran}");
        assert!(
            ran.stdout
                .ends_with(&format!(": {} pages\n", COMMANDS.len())),
            "{ran}"
        );
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), COMMANDS.len());
    assert_eq!(files.text("man/man1/digicert-contacts.1"), source(""));
    assert_eq!(
        files.text("man/man1/digicert-contacts-apply.1"),
        source("apply")
    );
    let ran = run(&[
        "man",
        "--output-dir",
        &files.path("man/man1/digicert-contacts.1"),
    ]);
    assert_eq!(ran.exit, Exit::Failed, "{ran}");
}
