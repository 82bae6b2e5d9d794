use std::collections::HashMap;

use contacts_core::{Order, OrderId};

use crate::plan::order::PlannedOrder;
use crate::policy::{MaxChanges, PolicyViolation};

/// The container of each order of an account.
#[derive(Clone, Debug, Default)]
pub struct Containers(HashMap<OrderId, u64>);

impl Containers {
    /// The containers of listed orders.
    pub fn of<'o>(orders: impl IntoIterator<Item = &'o Order>) -> Self {
        let orders = orders.into_iter();
        Self(
            orders
                .filter_map(|order| Some((order.id?, order.container?)))
                .collect(),
        )
    }

    pub(super) fn check(&self, max: usize, changed: &[&PlannedOrder]) -> Vec<PolicyViolation> {
        let mut containers: HashMap<_, (usize, Vec<OrderId>)> = HashMap::new();
        for container in self.0.values() {
            containers.entry(*container).or_default().0 += 1;
        }
        let mut unknown = Vec::new();
        for order in changed.iter().map(|order| order.order()) {
            match self.0.get(&order) {
                Some(container) => containers.entry(*container).or_default().1.push(order),
                None => unknown.push(order),
            }
        }
        let exceeded = containers.into_iter().filter(|(_, (total, changed))| {
            !MaxChanges::Percent(max).permits(changed.len(), *total)
        });
        let mut exceeded: Vec<_> = exceeded.collect();
        exceeded.sort_unstable_by_key(|(container, _)| *container);
        let exceeded = exceeded.into_iter().map(|(container, (total, orders))| {
            let changed = orders.len();
            let message = format!(
                "{changed} of {total} orders of container {container} would change, at most {max} % may"
            );
            (message, orders)
        });
        // What cannot be counted is not within the limit.
        let message = "orders without a container in the list of orders".to_owned();
        let unknown = (!unknown.is_empty() && max < 100).then_some((message, unknown));
        let violations = exceeded.chain(unknown);
        violations
            .map(|(message, orders)| PolicyViolation {
                rule: "max_percent_of_container",
                message,
                orders,
            })
            .collect()
    }
}
