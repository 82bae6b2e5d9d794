//! What a plan may change.

mod containers;
mod file;

use std::fmt;
use std::str::FromStr;

use contacts_core::{ContactType, OrderId};

use crate::domain::DomainPattern;
use crate::plan::Plan;
use crate::plan::order::PlannedOrder;

pub use containers::Containers;

/// The number of orders that a violation names.
const MAX_NAMED: usize = 10;

/// Limits on what a plan changes.
///
/// ```
/// use contacts_bulk::policy::Policy;
/// use contacts_bulk::{Input, Plan};
///
/// let policy = Policy::parse("organization_contacts = false\nemail_domains = [\"example.com\"]")?;
/// let file = "order_id,contact_type,first_name,last_name,email\n\
///             7,technical_contact,Jane,Doe,jane@example.org\n";
/// let plan = Plan::unread(Input::from_csv(file)?);
/// let violations = policy.check(&plan, None);
/// assert_eq!(
///     violations[0].to_string(),
///     "email_domains: the domain of a new e-mail address is not allowed in 1 order: 7",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Policy {
    max_changes: Option<MaxChanges>,
    organization_contacts: bool,
    email_domains: Option<Vec<DomainPattern>>,
    max_percent_of_container: Option<usize>,
}

/// The maximum number of orders that may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MaxChanges {
    /// This number.
    Orders(usize),
    /// This percentage of all orders of the plan, 0 to 100.
    Percent(usize),
}

/// A rule of a policy that a plan violates, and the orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyViolation {
    rule: &'static str,
    message: String,
    orders: Vec<OrderId>,
}

impl Policy {
    /// Whether [`check`](Self::check) needs the containers of all orders.
    #[must_use]
    pub const fn needs_containers(&self) -> bool {
        self.max_percent_of_container.is_some()
    }

    /// Checks the orders of a plan that would change. An order that has not been read counts as one, with
    /// every contact that its update names. `containers` are those of all orders of the account: an order
    /// without one violates their rule, unless it allows 100 %. Without `containers`, their rule is not
    /// checked.
    #[must_use]
    pub fn check(&self, plan: &Plan, containers: Option<&Containers>) -> Vec<PolicyViolation> {
        let changed = plan.orders().iter().filter(|order| order.needs_update());
        let changed: Vec<_> = changed.collect();
        let mut violations = Vec::new();
        violations.extend(self.check_count(changed.len(), plan.orders().len()));
        if !self.organization_contacts {
            let is_wrong = |order: &PlannedOrder| order.sets(ContactType::Organization);
            let message = "would change the organization contact of";
            violations.extend(of_orders(
                "organization_contacts",
                message,
                &changed,
                is_wrong,
            ));
        }
        if let Some(domains) = &self.email_domains {
            let message = "the domain of a new e-mail address is not allowed in";
            let is_wrong = |order: &PlannedOrder| !has_allowed_emails(order, domains);
            violations.extend(of_orders("email_domains", message, &changed, is_wrong));
        }
        if let (Some(max), Some(containers)) = (self.max_percent_of_container, containers) {
            violations.extend(containers.check(max, &changed));
        }
        violations
    }

    fn check_count(&self, changes: usize, orders: usize) -> Option<PolicyViolation> {
        let max = self.max_changes?;
        let allowed = match max {
            MaxChanges::Orders(max) => max.to_string(),
            MaxChanges::Percent(max) => format!("{max} %"),
        };
        (!max.permits(changes, orders)).then(|| PolicyViolation {
            rule: "max_changes",
            message: format!("{changes} of {orders} orders would change, at most {allowed} may"),
            orders: Vec::new(),
        })
    }
}

fn of_orders(
    rule: &'static str,
    message: &str,
    changed: &[&PlannedOrder],
    is_wrong: impl Fn(&PlannedOrder) -> bool,
) -> Option<PolicyViolation> {
    let wrong = changed.iter().filter(|order| is_wrong(order));
    let orders: Vec<_> = wrong.map(|order| order.order()).collect();
    let s = if orders.len() == 1 { "" } else { "s" };
    (!orders.is_empty()).then(|| PolicyViolation {
        rule,
        message: format!("{message} {} order{s}", orders.len()),
        orders,
    })
}

fn has_allowed_emails(order: &PlannedOrder, domains: &[DomainPattern]) -> bool {
    order.update().contacts().all(|(contact_type, contact)| {
        let domain = contact
            .email()
            .rsplit_once('@')
            .map_or("", |(_, domain)| domain);
        let domain = domain.to_lowercase();
        !order.sets(contact_type) || domains.iter().any(|allowed| allowed.matches(&domain))
    })
}

impl MaxChanges {
    /// Whether `changes` of `orders` orders may change.
    #[must_use]
    pub const fn permits(self, changes: usize, orders: usize) -> bool {
        match self {
            Self::Orders(max) => changes <= max,
            Self::Percent(max) => changes.saturating_mul(100) <= orders.saturating_mul(max),
        }
    }
}

impl FromStr for MaxChanges {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |digits: &str| {
            let parsed = digits.parse();
            parsed.map_err(|_| "expected a number of orders, or a percentage such as 5%")
        };
        match text.strip_suffix('%') {
            Some(percent) => match number(percent)? {
                percent @ 0..=100 => Ok(Self::Percent(percent)),
                _ => Err("a percentage is at most 100%"),
            },
            None => number(text).map(Self::Orders),
        }
    }
}

impl PolicyViolation {
    /// The name of the rule in the file.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        self.rule
    }

    /// The orders that violate it; none if it is about their number.
    #[must_use]
    pub fn orders(&self) -> &[OrderId] {
        &self.orders
    }
}

impl fmt::Display for PolicyViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.message)?;
        for (index, order) in self.orders.iter().take(MAX_NAMED).enumerate() {
            write!(f, "{} {order}", if index == 0 { ":" } else { "," })?;
        }
        match self.orders.len().saturating_sub(MAX_NAMED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}
