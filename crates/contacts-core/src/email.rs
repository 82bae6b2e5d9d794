use std::fmt;

/// Why a text is not an e-mail address by the grammar of the HTML standard.
///
/// The grammar is the one for `<input type=email>`: `local@label.label`, where the local part
/// holds ASCII letters, digits and ``.!#$%&'*+/=?^_`{|}~-`` and each label is 1 to 63 letters,
/// digits and inner hyphens. No quoting, no comments, no `[127.0.0.1]`, nothing outside of ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmailFault {
    /// There is no `@`.
    NoAt,
    /// Nothing stands before the `@`.
    EmptyLocalPart,
    /// A character before the `@` that the grammar does not allow.
    LocalCharacter,
    /// The domain, or one of its labels, is empty.
    EmptyLabel,
    /// A label is longer than 63 characters.
    LongLabel,
    /// A label begins or ends with a hyphen.
    LabelHyphen,
    /// A character after the `@` that the grammar does not allow, a second `@` for example.
    DomainCharacter,
}

impl fmt::Display for EmailFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAt => "there is no `@`",
            Self::EmptyLocalPart => "nothing stands before the `@`",
            Self::LocalCharacter => "a character before the `@` is not allowed",
            Self::EmptyLabel => "a part of the domain is empty",
            Self::LongLabel => "a part of the domain is longer than 63 characters",
            Self::LabelHyphen => "a part of the domain begins or ends with a hyphen",
            Self::DomainCharacter => {
                "a character after the `@` is not allowed; \
                 write an international domain in its `xn--` form"
            }
        })
    }
}

const LABEL_MAX: usize = 63;

/// Checks `address` against the grammar; on success tells whether its domain has a dot.
pub(crate) fn check(address: &str) -> Result<bool, EmailFault> {
    let (local, domain) = address.split_once('@').ok_or(EmailFault::NoAt)?;
    if local.is_empty() {
        return Err(EmailFault::EmptyLocalPart);
    }
    if !local.bytes().all(|b| LOCAL[usize::from(b)]) {
        return Err(EmailFault::LocalCharacter);
    }
    for label in domain.as_bytes().split(|&b| b == b'.') {
        check_label(label)?;
    }
    Ok(domain.contains('.'))
}

fn check_label(label: &[u8]) -> Result<(), EmailFault> {
    let (Some(first), Some(last)) = (label.first(), label.last()) else {
        return Err(EmailFault::EmptyLabel);
    };
    if !label
        .iter()
        .all(|&b| b.is_ascii_alphanumeric() || b == b'-')
    {
        return Err(EmailFault::DomainCharacter);
    }
    if *first == b'-' || *last == b'-' {
        return Err(EmailFault::LabelHyphen);
    }
    if label.len() > LABEL_MAX {
        return Err(EmailFault::LongLabel);
    }
    Ok(())
}

/// Which bytes may stand before the `@`.
const LOCAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0_u8;
    while b < 128 {
        table[b as usize] = b.is_ascii_alphanumeric();
        b += 1;
    }
    let marks = b".!#$%&'*+/=?^_`{|}~-";
    let mut n = 0;
    while n < marks.len() {
        table[marks[n] as usize] = true;
        n += 1;
    }
    table
};
