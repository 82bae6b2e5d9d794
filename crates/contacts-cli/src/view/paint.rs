//! Colours. They are always written here; [`Io::out`](crate::io::Io::out) leaves them out where
//! they are not wanted.

/// What is there now.
pub(crate) fn before(text: &str) -> String {
    painted("31", text)
}

/// What will be there.
pub(crate) fn after(text: &str) -> String {
    painted("32", text)
}

/// What needs a look.
pub(crate) fn warning(text: &str) -> String {
    painted("33", text)
}

fn painted(colour: &str, text: &str) -> String {
    format!("\u{1b}[{colour}m{text}\u{1b}[0m")
}
