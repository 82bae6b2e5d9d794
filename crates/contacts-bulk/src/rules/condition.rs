use contacts_core::Order;

use crate::domain::{DomainPattern, normalized};

/// The statuses of orders that a rule without a status does not match.
const ENDED: [&str; 4] = ["canceled", "expired", "rejected", "revoked"];

/// Which orders a rule matches. An empty list matches every order, except `statuses`, see [`ENDED`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) domains: Vec<DomainPattern>,
    pub(super) products: Vec<String>,
    pub(super) statuses: Vec<String>,
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
