//! Detects a free-threaded Python, and extracts the docstrings of the stub for `doc!`.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs, io};

#[path = "build/stub.rs"]
mod stub;

const STUB: &str = "../../python/digicert_contacts/_core.pyi";

fn main() -> io::Result<()> {
    pyo3_build_config::use_pyo3_cfgs();
    println!("cargo::rerun-if-changed={STUB}");
    let text = fs::read_to_string(STUB).map_err(|error| error.to_string());
    match text.and_then(|text| stub::docstrings(&text)) {
        Ok(docs) => write(&docs)?,
        Err(message) => println!("cargo::error={STUB}: {message}"),
    }
    Ok(())
}

/// Writes a file for each docstring, and removes those of the last build.
fn write(docs: &BTreeMap<String, String>) -> io::Result<()> {
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    let folder = Path::new(&out).join("docs");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir(&folder)?;
    for (name, text) in docs {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}
