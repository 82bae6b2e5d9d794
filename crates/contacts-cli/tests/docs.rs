//! Runs every terminal session of the documentation. A separate test binary, because the sessions
//! run in the top folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_first_command_of_the_readme_runs() {
    let readme = fs::read_to_string(top().join("README.md")).unwrap();
    let command = readme.lines().find(|line| line.starts_with("cargo run "));
    let words = command.unwrap().split_whitespace();
    // Uses the debug build of these tests.
    let words = words.skip(1).filter(|word| *word != "--release");
    let mut cargo = Command::new(env!("CARGO"));
    let ran = cargo.args(words).current_dir(top()).output().unwrap();
    let stdout = String::from_utf8_lossy(&ran.stdout);
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{errors}");
    assert!(stdout.contains(" verified"), "{stdout}");
}

/// With `TRYCMD=overwrite`, updates the documentation instead.
#[test]
fn the_documentation_shows_real_output() {
    let overwrite = std::env::var("TRYCMD").is_ok_and(|value| value == "overwrite");
    std::env::set_current_dir(top()).unwrap();
    let mut pages = vec![PathBuf::from("README.md")];
    let docs = fs::read_dir("docs").unwrap();
    pages.extend(docs.map(|entry| entry.unwrap().path()));
    pages.retain(|page| page.extension().is_some_and(|suffix| suffix == "md"));
    let copies = tempfile::tempdir().unwrap();
    let copy = |page: &Path| copies.path().join(page.file_name().unwrap());
    for page in &pages {
        let text = fs::read_to_string(page).unwrap();
        fs::write(copy(page), to_trycmd(&text)).unwrap();
    }
    let cases = trycmd::TestCases::new();
    cases.case(copies.path().join("*.md"));
    cases.run();
    if overwrite {
        for page in &pages {
            let text = fs::read_to_string(copy(page)).unwrap();
            fs::write(page, from_trycmd(&text)).unwrap();
        }
    }
}

const EXIT_CODE: &str = "  # exit code ";

/// Replaces the comment `# exit code N` after a command by trycmd's line `? N` below it.
fn to_trycmd(text: &str) -> String {
    text.replace(EXIT_CODE, "\n? ")
}

fn from_trycmd(text: &str) -> String {
    text.replace("\n? ", EXIT_CODE)
}
