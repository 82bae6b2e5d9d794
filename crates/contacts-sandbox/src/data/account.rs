use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde_json::Value;

use super::order::Order;
use super::role::KeyRole;

/// The account that a sandbox serves: its keys and orders.
///
/// ```
/// use contacts_sandbox::{Account, KeyRole, Sandbox};
///
/// let mut account = Account::default();
/// account.add_key("read-only-key", KeyRole::ViewOnly);
/// account.add_order(7, serde_json::json!({"status": "issued"}));
/// let sandbox = Sandbox::builder().account(account).start()?;
/// assert_eq!(sandbox.order(7).unwrap()["status"], "issued");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Account {
    pub(crate) keys: BTreeMap<String, KeyRole>,
    orders: BTreeMap<u64, Order>,
    /// Orders of another account, which no key of this account can read.
    foreign_orders: BTreeMap<u64, Order>,
    /// Order ids by [`Order::certificate_names`].
    certificates: HashMap<String, u64>,
    pub(crate) leavers: Vec<String>,
}

/// Only counts: keys and contacts must not get into logs.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("keys", &self.keys.len())
            .field("orders", &self.orders.len())
            .finish_non_exhaustive()
    }
}

impl Account {
    /// The unrestricted key of the demo account. It works with sandboxes only.
    pub const DEMO_KEY: &str = "sandbox-demo-key";
    /// A key of the demo account with DigiCert's role View Only.
    pub const DEMO_VIEW_ONLY_KEY: &str = "sandbox-demo-key-view-only";
    /// A key of the demo account with DigiCert's role Orders.
    pub const DEMO_ORDERS_KEY: &str = "sandbox-demo-key-orders";
    /// A revoked key of the demo account.
    pub const DEMO_REVOKED_KEY: &str = "sandbox-demo-key-revoked";

    /// The demo account: 14 orders with the ids 100000001 to 100000014. They include OV, EV and DV
    /// orders, pending and issued orders, one without a technical contact, one with two equal
    /// contacts, and names in several scripts. Many name Robin Leaver, who leaves the company. Order
    /// 200000001 exists in another account.
    #[must_use]
    pub fn demo() -> Self {
        let mut account = Self::with_demo_keys();
        let orders = serde_json::from_str::<Vec<Value>>(include_str!("demo.json"));
        for order in orders.unwrap_or_default() {
            account.add_order(order["id"].as_u64().unwrap_or_default(), order);
        }
        account.leavers = vec!["robin.leaver@example.com".to_owned()];
        account
    }

    pub(crate) fn with_demo_keys() -> Self {
        let mut account = Self::default();
        account.add_key(Self::DEMO_KEY, KeyRole::Unrestricted);
        account.add_key(Self::DEMO_VIEW_ONLY_KEY, KeyRole::ViewOnly);
        account.add_key(Self::DEMO_ORDERS_KEY, KeyRole::Orders);
        account.add_key(Self::DEMO_REVOKED_KEY, KeyRole::Revoked);
        account.add_foreign_order(200_000_001, serde_json::json!({"status": "issued"}));
        account
    }

    /// Adds an API key.
    pub fn add_key(&mut self, key: impl Into<String>, role: KeyRole) {
        self.keys.insert(key.into(), role);
    }

    /// Adds an order, or replaces the one with this id. `order` is an object in the form of
    /// `GET /order/certificate/{order_id}`; its `id` is set to this one.
    pub fn add_order(&mut self, id: u64, order: Value) {
        self.insert(Order::new(id, order));
    }

    pub(crate) fn insert(&mut self, order: Order) {
        let id = order.id;
        if self.orders.contains_key(&id) {
            self.certificates.retain(|_, order_id| *order_id != id);
        }
        for name in order.certificate_names() {
            self.certificates.insert(name, id);
        }
        self.orders.insert(id, order);
    }

    /// Adds an order of another account: every key gets `not_found|order` for it.
    pub fn add_foreign_order(&mut self, id: u64, order: Value) {
        self.foreign_orders.insert(id, Order::new(id, order));
    }

    /// The e-mail addresses of people who have left the company but are still contacts of orders,
    /// for tests that replace them.
    #[must_use]
    pub fn leavers(&self) -> &[String] {
        &self.leavers
    }

    pub(crate) fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    pub(crate) fn foreign_orders(&self) -> impl Iterator<Item = &Order> {
        self.foreign_orders.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.orders.len()
    }

    pub(crate) fn order(&self, id: u64) -> Option<&Order> {
        self.orders.get(&id)
    }

    /// By the thumbprint or serial number of its certificate.
    pub(crate) fn order_by_certificate(&self, name: &str) -> Option<&Order> {
        let id = self.certificates.get(&name.to_lowercase())?;
        self.orders.get(id)
    }

    pub(crate) fn order_by_certificate_id(&self, id: u64) -> Option<&Order> {
        self.orders.get(self.certificates.get(&format!("id {id}"))?)
    }

    /// Also an order of another account, for inspection from outside the API.
    pub(crate) fn order_anywhere(&self, id: u64) -> Option<&Order> {
        self.order(id).or_else(|| self.foreign_orders.get(&id))
    }

    pub(crate) fn order_mut(&mut self, id: u64) -> Option<&mut Order> {
        self.orders.get_mut(&id)
    }
}
