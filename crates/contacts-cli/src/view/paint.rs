//! Colours. [`Io::out`](crate::io::Io::out) removes them if the output does not support them.

/// An old value.
pub(crate) fn before(text: &str) -> String {
    paint("31", text)
}

/// A new value.
pub(crate) fn after(text: &str) -> String {
    paint("32", text)
}

pub(crate) fn warning(text: &str) -> String {
    paint("33", text)
}

fn paint(colour: &str, text: &str) -> String {
    format!("\u{1b}[{colour}m{text}\u{1b}[0m")
}
