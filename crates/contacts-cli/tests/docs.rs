//! Every terminal session of the documentation is run and shows its real output. A test binary of
//! its own, because the sessions are told from the top of the tree and so is run.

use std::path::Path;
use std::process::Command;

#[test]
fn the_first_command_of_the_readme_runs() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(top.join("README.md")).expect("the README");
    let command = readme.lines().find(|line| line.starts_with("cargo run "));
    let words = command.expect("a command that runs it").split_whitespace();
    // As these tests are built, or all would be built once more.
    let words = words.skip(1).filter(|word| *word != "--release");
    let mut cargo = Command::new(env!("CARGO"));
    let ran = cargo.args(words).current_dir(top).output().expect("cargo");
    let told = String::from_utf8_lossy(&ran.stdout);
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{errors}");
    assert!(told.contains("read back as sent"), "{told}");
}

#[test]
fn the_sessions_of_the_documentation_are_real() {
    std::env::set_current_dir("../..").unwrap();
    trycmd::TestCases::new()
        .case("README.md")
        .case("docs/*.md")
        .run();
}
