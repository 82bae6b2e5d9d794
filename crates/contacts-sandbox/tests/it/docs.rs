//! docs/sandbox.md lists every code that this crate invents, and no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The words of a text that begin with `sandbox_`, where `before` stands right before them.
fn codes(text: &str, before: char) -> BTreeSet<String> {
    let word = |c: char| c.is_ascii_lowercase() || c == '_';
    text.split(before)
        .filter(|rest| rest.starts_with("sandbox_"))
        .map(|rest| rest.chars().take_while(|c| word(*c)).collect())
        .filter(|code: &String| code != "sandbox_")
        .collect()
}

#[test]
fn every_invented_code_is_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut written = BTreeSet::new();
    for file in fs::read_dir(root.join("src")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            written.extend(codes(&fs::read_to_string(path).unwrap(), '"'));
        }
    }
    let page = fs::read_to_string(root.join("../../docs/sandbox.md")).unwrap();
    assert!(written.len() > 20, "{written:?}");
    assert_eq!(written, codes(&page, '`'));
}
