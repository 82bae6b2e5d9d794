//! The files of our own making, each of which begins with the name of its format.

pub(crate) const PLAN: &str = "digicert-contacts-plan";
pub(crate) const JOURNAL: &str = "digicert-contacts-journal";
pub(crate) const EXPORT_NOTES: &str = "digicert-contacts-export";

/// Whether a file claims to be of this format: its head, wherever a formatter may have put it, is
/// near the beginning, where no input file has such a thing.
pub(crate) fn claims(bytes: &[u8], format: &str) -> bool {
    const HEAD: usize = 1024;
    let head = &bytes[..bytes.len().min(HEAD)];
    let name = format!("\"{format}\"");
    let object = head.trim_ascii_start().starts_with(b"{");
    object && memchr::memmem::find(head, name.as_bytes()).is_some()
}
