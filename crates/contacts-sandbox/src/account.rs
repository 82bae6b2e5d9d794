use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde_json::Value;

use crate::order::Order;
use crate::role::KeyRole;

/// What the sandbox holds: keys and orders.
///
/// ```
/// use contacts_sandbox::{Account, KeyRole, Sandbox};
///
/// let mut account = Account::default();
/// account.add_key("only-for-reading", KeyRole::ViewOnly);
/// account.add_order(7, serde_json::json!({"status": "issued"}));
/// let sandbox = Sandbox::builder().account(account).start()?;
/// assert_eq!(sandbox.order(7).unwrap()["status"], "issued");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Account {
    pub(crate) keys: HashMap<String, KeyRole>,
    orders: BTreeMap<u64, Order>,
    /// Orders that exist, but that no key of this account can see.
    elsewhere: BTreeMap<u64, Order>,
    /// By thumbprint or serial number.
    certificates: HashMap<String, u64>,
    pub(crate) leavers: Vec<String>,
}

/// In figures: keys and contacts have no place in logs.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("keys", &self.keys.len())
            .field("orders", &self.orders.len())
            .finish_non_exhaustive()
    }
}

impl Account {
    /// The key of the demo account. It opens nothing but sandboxes.
    pub const DEMO_KEY: &str = "sandbox-demo-key";
    /// A key of the demo account that can only read.
    pub const DEMO_VIEW_ONLY_KEY: &str = "sandbox-demo-key-view-only";
    /// A key of the demo account with DigiCert's role Orders.
    pub const DEMO_ORDERS_KEY: &str = "sandbox-demo-key-orders";
    /// A key of the demo account that was revoked.
    pub const DEMO_REVOKED_KEY: &str = "sandbox-demo-key-revoked";

    /// The demo account: 14 orders with the ids 100000001 to 100000014. Among them are OV, EV and
    /// DV orders, pending and issued ones, one without a technical contact, one whose contacts are
    /// equal, and names of several scripts. Robin Leaver, who is about to leave, is on many. Order
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
        account.add_order_elsewhere(200_000_001, serde_json::json!({"status": "issued"}));
        account
    }

    /// Lets a key in.
    pub fn add_key(&mut self, key: impl Into<String>, role: KeyRole) {
        self.keys.insert(key.into(), role);
    }

    /// Adds an order, or replaces the one of this id. `order` is an object as
    /// `GET /order/certificate/{order_id}` answers it; its `id` is set here.
    pub fn add_order(&mut self, id: u64, order: Value) {
        self.insert(Order::new(id, order));
    }

    pub(crate) fn insert(&mut self, order: Order) {
        let id = order.id;
        if self.orders.contains_key(&id) {
            self.certificates.retain(|_, held_by| *held_by != id);
        }
        for name in order.certificate_names() {
            self.certificates.insert(name, id);
        }
        self.orders.insert(id, order);
    }

    /// Adds an order of another account: every key of this one is told `not_found|order`.
    pub fn add_order_elsewhere(&mut self, id: u64, order: Value) {
        self.elsewhere.insert(id, Order::new(id, order));
    }

    /// The e-mail addresses of the people who have left but are still named on orders, so that a
    /// test has somebody to replace.
    #[must_use]
    pub fn leavers(&self) -> &[String] {
        &self.leavers
    }

    pub(crate) fn role(&self, key: &str) -> Option<KeyRole> {
        self.keys.get(key).copied()
    }

    pub(crate) fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    pub(crate) fn elsewhere(&self) -> impl Iterator<Item = &Order> {
        self.elsewhere.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.orders.len()
    }

    pub(crate) fn order(&self, id: u64) -> Option<&Order> {
        self.orders.get(&id)
    }

    /// By what DigiCert takes in place of an order id.
    pub(crate) fn order_of_certificate(&self, name: &str) -> Option<&Order> {
        let id = self.certificates.get(&name.to_lowercase())?;
        self.orders.get(id)
    }

    /// An order of any account, for looking in from outside of the API.
    pub(crate) fn order_anywhere(&self, id: u64) -> Option<&Order> {
        self.order(id).or_else(|| self.elsewhere.get(&id))
    }

    pub(crate) fn order_mut(&mut self, id: u64) -> Option<&mut Order> {
        self.orders.get_mut(&id)
    }
}
