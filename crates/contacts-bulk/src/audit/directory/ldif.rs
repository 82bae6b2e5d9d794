//! LDIF, RFC 2849: as much of it as a list of people needs. No crate for it is maintained.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::DirectoryError;

/// The attributes of all records: the line, the name without options, and the value. A value that is not text,
/// such as a photograph, is left out.
pub(super) fn attributes(
    text: &str,
) -> impl Iterator<Item = Result<(u64, String, String), DirectoryError>> {
    unfolded(text).filter_map(|(line, text)| {
        if text.is_empty() || text.starts_with('#') || text == "-" {
            return None;
        }
        let Some((name, value)) = text.split_once(':') else {
            let message = "not LDIF; expected an attribute such as `mail: robin@example.com`";
            return Some(Err(DirectoryError::new(line, message)));
        };
        let name = name.split(';').next().unwrap_or_default().to_owned();
        let value = match value.strip_prefix(':') {
            Some(base64) => {
                let Ok(bytes) = STANDARD.decode(base64.trim()) else {
                    return Some(Err(DirectoryError::new(line, "not Base64 after `::`")));
                };
                String::from_utf8(bytes).ok()?
            }
            // A reference to another file.
            None if value.starts_with('<') => return None,
            None => value.trim().to_owned(),
        };
        Some(Ok((line, name, value)))
    })
}

/// The lines, each with those that continue it, which start with a space.
fn unfolded(text: &str) -> impl Iterator<Item = (u64, String)> {
    let mut lines = (1..).zip(text.lines()).peekable();
    std::iter::from_fn(move || {
        let (number, line) = lines.next()?;
        let mut whole = line.to_owned();
        while let Some((_, next)) = lines.next_if(|(_, next)| next.starts_with(' ')) {
            whole += &next[1..];
        }
        Some((number, whole))
    })
}
