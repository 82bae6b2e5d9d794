//! docs/sandbox.md lists exactly the error codes that this crate invents.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The words of a text that begin with `sandbox_` and follow the character `before`.
fn codes(text: &str, before: char) -> BTreeSet<String> {
    let word = |c: char| c.is_ascii_lowercase() || c == '_';
    text.split(before)
        .filter(|rest| rest.starts_with("sandbox_"))
        .map(|rest| rest.chars().take_while(|c| word(*c)).collect())
        .filter(|code: &String| code != "sandbox_")
        .collect()
}

fn source_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn every_invented_code_is_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut in_source = BTreeSet::new();
    for path in source_files(&root.join("src")) {
        in_source.extend(codes(&fs::read_to_string(path).unwrap(), '"'));
    }
    let page = fs::read_to_string(root.join("../../docs/sandbox.md")).unwrap();
    assert!(in_source.len() > 20, "{in_source:?}");
    assert_eq!(in_source, codes(&page, '`'));
}
