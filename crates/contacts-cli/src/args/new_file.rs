use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};

/// Reads the name of a file to write. `-` is none: such a file is for its owner alone, takes the place
/// of nothing and is whole or gone, and a pipe is none of that.
pub(crate) fn new_file() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        if path.as_os_str() == "-" {
            return Err(
                "contacts go into a file of their owner's, not to standard output; name one, \
                 or `./-` if that is its name",
            );
        }
        Ok(path)
    })
}
