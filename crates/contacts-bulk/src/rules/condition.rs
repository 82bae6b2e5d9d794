use contacts_core::Order;

/// The statuses of orders that a rule without a status does not match.
const ENDED: [&str; 4] = ["canceled", "expired", "rejected", "revoked"];

/// Which orders a rule matches. An empty list matches every order, except `statuses`, see [`ENDED`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) domains: Vec<DomainPattern>,
    pub(super) products: Vec<String>,
    pub(super) statuses: Vec<String>,
}

/// A domain, or all names below one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DomainPattern {
    Name(String),
    /// With the dot in front.
    Below(String),
}

impl Condition {
    pub(super) fn matches(&self, order: &Order) -> bool {
        self.matches_status(order) && self.matches_product(order) && self.matches_domain(order)
    }

    fn matches_status(&self, order: &Order) -> bool {
        let status = order.status.as_deref().unwrap_or_default();
        let is = |name: &str| name.eq_ignore_ascii_case(status);
        if self.statuses.is_empty() {
            !ENDED.iter().any(|ended| is(ended))
        } else {
            self.statuses.iter().any(|name| is(name))
        }
    }

    fn matches_product(&self, order: &Order) -> bool {
        let Some(product) = &order.product else {
            return self.products.is_empty();
        };
        let names = [&product.name_id, &product.name, &product.validation_type];
        let mut names = names.into_iter().flatten();
        let is_wanted = |name: &String| {
            self.products
                .iter()
                .any(|wanted| wanted.eq_ignore_ascii_case(name))
        };
        self.products.is_empty() || names.any(is_wanted)
    }

    fn matches_domain(&self, order: &Order) -> bool {
        let name = normalized(order.common_name.as_deref().unwrap_or_default());
        self.domains.is_empty() || self.domains.iter().any(|pattern| pattern.matches(&name))
    }
}

impl DomainPattern {
    /// `None` if the text is no domain, with or without `*.` in front.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = normalized(text);
        let name = text.strip_prefix("*.");
        let is_label = |label: &str| {
            let mut characters = label.chars();
            !label.is_empty() && characters.all(|c| c.is_alphanumeric() || "-_".contains(c))
        };
        if !name.unwrap_or(&text).split('.').all(is_label) {
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
fn normalized(domain: &str) -> String {
    let domain = domain.trim_end_matches('.');
    domain.to_lowercase()
}
