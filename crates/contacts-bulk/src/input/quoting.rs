//! Validates the quotes of a CSV record. The csv crate accepts misplaced quotes and drops them.

#[derive(Clone, Copy)]
enum State {
    CellStart,
    Unquoted,
    /// A text as a formula, `="030"`, whose quotes belong to the value.
    Formula,
    Quoted,
    /// After a quote that ends the cell, unless another follows.
    Closed,
}

/// Whether each quote of a record starts a cell, ends it, or is doubled inside.
pub(super) fn is_valid(record: &[u8], delimiter: u8) -> bool {
    if memchr::memchr(b'"', record).is_none() {
        return true;
    }
    let mut state = State::CellStart;
    for &byte in record {
        let ends_cell = byte == delimiter || matches!(byte, b'\r' | b'\n');
        state = match (state, byte) {
            (State::Quoted, b'"') => State::Closed,
            (State::Quoted, _) | (State::CellStart | State::Closed, b'"') => State::Quoted,
            (_, _) if ends_cell => State::CellStart,
            (State::Unquoted, b'"') | (State::Closed, _) => return false,
            (State::CellStart, b'=') | (State::Formula, _) => State::Formula,
            (State::CellStart | State::Unquoted, _) => State::Unquoted,
        };
    }
    !matches!(state, State::Quoted)
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn a_quote_starts_a_cell_ends_it_or_is_doubled() {
        for row in [
            "",
            "a,b",
            "\"a\",b",
            "a,\"\",b\r\n",
            "\"a\"\"b\"",
            "\"\"\"\"",
            "\"a\nb\",c\n",
            "a,\"b,c\"",
            "a,=\"030 1\",b",
        ] {
            assert!(is_valid(row.as_bytes(), b','), "{row}");
        }
        for row in [
            "\"a\"b",
            "a\"b\"",
            "a,\"b",
            "\"O\"Brien,x",
            "\"\"\"",
            "a\"",
            "\"a\" ,b",
        ] {
            assert!(!is_valid(row.as_bytes(), b','), "{row}");
        }
        assert!(is_valid(b"\"a\";b", b';') && !is_valid(b"\"a\";b", b','));
    }
}
