//! Domains as users write them in rules, policies and options.

/// A domain, or all names below one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DomainPattern {
    /// In lower case.
    Name(String),
    /// With the dot in front.
    Below(String),
}

impl DomainPattern {
    /// `None` if the text is no domain, with or without `*.` in front.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = normalized(text);
        let name = text.strip_prefix("*.");
        if !is_domain(name.unwrap_or(&text)) {
            return None;
        }
        Some(match name {
            Some(name) => Self::Below(format!(".{name}")),
            None => Self::Name(text),
        })
    }

    /// Whether a name in lower case matches.
    pub(crate) fn matches(&self, name: &str) -> bool {
        match self {
            Self::Name(pattern) => name == pattern,
            Self::Below(suffix) => name.ends_with(suffix),
        }
    }
}

/// Without case, and without the dot at the end.
pub(crate) fn normalized(domain: &str) -> String {
    let domain = domain.trim_end_matches('.');
    domain.to_lowercase()
}

/// Whether a text consists of labels, with or without dots between them.
pub(crate) fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let mut characters = label.chars();
        !label.is_empty() && characters.all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    text.split('.').all(is_label)
}
