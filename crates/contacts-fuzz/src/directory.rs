use contacts_bulk::audit::{Directory, DirectoryFormat};

/// A directory of people. Every format ends in a directory or in a message that is safe to print.
///
/// # Panics
/// Panics if a property is violated.
pub fn directory(bytes: &[u8]) {
    let formats = [
        DirectoryFormat::Csv,
        DirectoryFormat::JsonLines,
        DirectoryFormat::Ldif,
        DirectoryFormat::of("", bytes),
    ];
    for format in formats {
        match Directory::read(bytes, format) {
            Ok(directory) => assert_eq!(directory.is_active(""), None),
            Err(error) => crate::assert_printable(&error.to_string()),
        }
    }
}
