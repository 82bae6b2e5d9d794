//! The contacts that orders should have, by rule.

mod condition;
mod file;
mod validation;

use std::collections::HashSet;

use contacts_core::{Contact, ContactType, ContactsUpdate, DvStatus, Order};

use crate::failure::Failure;
use crate::input::{Input, OrderUpdate, Snapshot};
use crate::order_api::{ListFilter, OrderApi};
use crate::rules::condition::Condition;
use crate::rules::validation::ValidationTypes;

/// Rules that say which contacts orders should have.
///
/// The file is TOML. It defines each person once, then the rules. For each contact of an order, the first
/// rule counts that matches the order and names this contact:
///
/// ```
/// use contacts_bulk::rules::Rules;
/// use contacts_core::{ContactType, Order};
///
/// let rules = Rules::parse(r#"
///     [people.web]
///     first_name = "Web"
///     last_name = "Team"
///     email = "web@example.com"
///
///     [people.office]
///     first_name = "Olivia"
///     last_name = "Office"
///     email = "office@example.com"
///
///     [[rule]]
///     domain = "*.shop.example.com"
///     product = "ssl_ev_basic"
///     technical_contact = "web"
///
///     [[rule]]
///     organization_contact = "office"
/// "#)?;
/// let order = br#"{"status": "issued", "product": {"name_id": "ssl_ev_basic"},
///                  "certificate": {"common_name": "www.shop.example.com"}}"#;
/// let update = rules.update(&Order::from_json(order)?).unwrap();
/// let email = |of| update.contact(of).map(|contact| contact.email());
/// assert_eq!(email(ContactType::Technical), Some("web@example.com"));
/// assert_eq!(email(ContactType::Organization), Some("office@example.com"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A rule without a `status` does not match orders that are canceled, expired, rejected or revoked. No rule
/// sets the organization contact of a DV order, which has none. Both are our decisions.
#[derive(Clone, Debug)]
pub struct Rules(Vec<Rule>);

#[derive(Clone, Debug)]
struct Rule {
    line: usize,
    condition: Condition,
    /// For the organization and the technical contact.
    contacts: [Assignment; 2],
}

/// What a rule says about a contact.
#[derive(Clone, Debug, Default)]
enum Assignment {
    /// Nothing, so a later rule decides.
    #[default]
    None,
    /// The order keeps the contact that it has.
    Keep,
    Set(Contact),
}

/// The updates that rules make of the orders of an account.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct RuledOrders {
    /// The update of each order with a rule.
    pub input: Input,
    /// The number of orders.
    pub orders: usize,
    /// The number of orders whose contacts no rule sets.
    pub without_rule: usize,
    /// The number of listed orders without a readable id.
    pub without_id: usize,
    /// The lines of the rules that set no contact of any order.
    pub unused_rules: Vec<usize>,
}

impl Rules {
    /// The contacts that the rules set for an order, by its status, its product and the common name of its
    /// certificate; `None` if they set none.
    #[must_use]
    pub fn update(&self, order: &Order) -> Option<ContactsUpdate> {
        self.decide(order, has_contact).1
    }

    /// Lists the orders of the account and applies the rules to them. Reads no order, except one of each
    /// product if a rule names a validation type and the list leaves them out.
    ///
    /// # Errors
    /// Returns an error if the orders cannot be listed, or no order can be read.
    pub fn list(&self, api: &impl OrderApi) -> Result<RuledOrders, Failure> {
        let orders = api.list(&ListFilter::default());
        let products = self.0.iter().flat_map(|rule| &rule.condition.products);
        if !products
            .into_iter()
            .any(|name| ValidationTypes::is_one(name))
        {
            return self.collect(orders, has_contact);
        }
        let mut types = ValidationTypes::default();
        self.collect(orders.map(|order| types.complete(order?, api)), has_contact)
    }

    /// Applies the rules to the orders of an earlier export. Needs no request. An export knows the names of
    /// products only, so no rule sets the organization contact of an order that has none there: it may be
    /// a DV order.
    #[must_use]
    pub fn of_snapshot(&self, snapshot: &Snapshot) -> RuledOrders {
        let orders = snapshot.orders().map(Ok::<_, std::convert::Infallible>);
        let has_contact = |order: &Order, contact_type| match contact_type {
            ContactType::Organization => order.organization_contact.is_some(),
            ContactType::Technical => true,
        };
        match self.collect(orders, has_contact) {
            Ok(orders) => orders,
            Err(never) => match never {},
        }
    }

    fn collect<E>(
        &self,
        orders: impl Iterator<Item = Result<Order, E>>,
        has_contact: impl Fn(&Order, ContactType) -> bool,
    ) -> Result<RuledOrders, E> {
        let mut result = RuledOrders::default();
        let mut updates = Vec::new();
        let mut seen = HashSet::new();
        let mut is_used = vec![false; self.0.len()];
        for order in orders {
            let order = order?;
            // The pages of a list overlap if an order is added meanwhile.
            if order.id.is_some_and(|id| !seen.insert(id)) {
                continue;
            }
            result.orders += 1;
            let Some(id) = order.id else {
                result.without_id += 1;
                continue;
            };
            let (rules, update) = self.decide(&order, &has_contact);
            rules
                .into_iter()
                .flatten()
                .for_each(|rule| is_used[rule] = true);
            match update {
                Some(update) => updates.push(OrderUpdate::new(id, update, Vec::new())),
                None => result.without_rule += 1,
            }
        }
        let rules = self.0.iter().zip(is_used);
        let unused = rules.filter(|(_, is_used)| !is_used);
        result.unused_rules = unused.map(|(rule, _)| rule.line).collect();
        result.input = Input::of_updates(updates);
        Ok(result)
    }

    /// The indices of the rules that decide, and what they decide.
    fn decide(
        &self,
        order: &Order,
        has_contact: impl Fn(&Order, ContactType) -> bool,
    ) -> ([Option<usize>; 2], Option<ContactsUpdate>) {
        let [organization, technical] = [ContactType::Organization, ContactType::Technical]
            .map(|of| has_contact(order, of).then(|| self.assignment(order, of))?);
        let contact = |found: Option<(usize, &Assignment)>| match found?.1 {
            Assignment::Set(contact) => Some(contact.clone()),
            Assignment::Keep | Assignment::None => None,
        };
        let update = ContactsUpdate::from_contacts(contact(organization), contact(technical));
        let rules = [organization, technical].map(|found| found.map(|(index, _)| index));
        (rules, update)
    }

    /// What the first rule says that matches the order and names the contact.
    fn assignment(&self, order: &Order, contact_type: ContactType) -> Option<(usize, &Assignment)> {
        let rules = self.0.iter().enumerate();
        let mut named = rules.filter_map(|(index, rule)| {
            let assignment = &rule.contacts[contact_type as usize];
            (!matches!(assignment, Assignment::None) && rule.condition.matches(order))
                .then_some((index, assignment))
        });
        named.next()
    }
}

/// Whether an order can have a contact of a type, by its product.
fn has_contact(order: &Order, contact_type: ContactType) -> bool {
    contact_type == ContactType::Technical || order.dv_status() != DvStatus::Yes
}
