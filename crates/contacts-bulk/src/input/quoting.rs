//! Quotes in a row of CSV. The csv crate takes any, and drops those that stand in a wrong place.

/// Where the check stands in a row.
#[derive(Clone, Copy)]
enum At {
    CellBegin,
    Plain,
    Quoted,
    /// Behind a quote that ended the cell, unless another follows.
    Closed,
}

/// Whether each quote of a row begins a cell, ends it, or is doubled inside.
pub(crate) fn is_sound(row: &[u8], delimiter: u8) -> bool {
    if memchr::memchr(b'"', row).is_none() {
        return true;
    }
    let mut at = At::CellBegin;
    for &byte in row {
        let ends_cell = byte == delimiter || matches!(byte, b'\r' | b'\n');
        at = match (at, byte) {
            (At::Quoted, b'"') => At::Closed,
            (At::Quoted, _) | (At::CellBegin | At::Closed, b'"') => At::Quoted,
            (_, _) if ends_cell => At::CellBegin,
            (At::Plain, b'"') | (At::Closed, _) => return false,
            (At::CellBegin | At::Plain, _) => At::Plain,
        };
    }
    !matches!(at, At::Quoted)
}

#[cfg(test)]
mod tests {
    use super::is_sound;

    #[test]
    fn a_quote_begins_a_cell_ends_it_or_is_doubled() {
        for row in [
            "",
            "a,b",
            "\"a\",b",
            "a,\"\",b\r\n",
            "\"a\"\"b\"",
            "\"\"\"\"",
            "\"a\nb\",c\n",
            "a,\"b,c\"",
        ] {
            assert!(is_sound(row.as_bytes(), b','), "{row}");
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
            assert!(!is_sound(row.as_bytes(), b','), "{row}");
        }
        assert!(is_sound(b"\"a\";b", b';') && !is_sound(b"\"a\";b", b','));
    }
}
