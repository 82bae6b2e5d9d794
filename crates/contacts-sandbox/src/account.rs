use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

/// What an API key may do, by DigiCert's names. That an Orders key may change contacts and a View
/// Only key may not is inferred from DigiCert's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// No restriction.
    Unrestricted,
    /// Everything about orders.
    Orders,
    /// GET requests alone.
    ViewOnly,
}

impl Role {
    pub(crate) const fn may_change(self) -> bool {
        !matches!(self, Self::ViewOnly)
    }

    /// The id and name by which DigiCert lists the role.
    pub(crate) const fn listed(self) -> (u16, &'static str) {
        match self {
            Self::Unrestricted => (0, "No restrictions"),
            Self::Orders => (100, "Orders"),
            Self::ViewOnly => (102, "View Only"),
        }
    }
}

/// What the sandbox holds: keys and orders.
///
/// ```
/// use contacts_sandbox::{Account, Role, Sandbox};
///
/// let mut account = Account::default();
/// account.add_key("only-for-reading", Role::ViewOnly);
/// account.add_order(7, serde_json::json!({"status": "issued"}));
/// let sandbox = Sandbox::builder().account(account).start()?;
/// assert_eq!(sandbox.order(7).unwrap()["status"], "issued");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Account {
    keys: HashMap<String, Role>,
    orders: BTreeMap<u64, Map<String, Value>>,
    /// Orders that exist, but that no key of this account can see.
    elsewhere: BTreeMap<u64, Map<String, Value>>,
}

impl Account {
    /// The key of the demo account. It opens nothing but sandboxes.
    pub const DEMO_KEY: &str = "sandbox-demo-key";
    /// A key of the demo account that can only read.
    pub const DEMO_VIEW_ONLY_KEY: &str = "sandbox-demo-key-view-only";

    /// The demo account: 14 orders with the ids 100000001 to 100000014. Among them are OV, EV and
    /// DV orders, pending and issued ones, one without a technical contact, one whose contacts are
    /// equal, and names of several scripts. Robin Leaver, who is about to leave, is on many. Order
    /// 200000001 exists in another account.
    #[must_use]
    pub fn demo() -> Self {
        let mut account = Self::default();
        account.add_key(Self::DEMO_KEY, Role::Unrestricted);
        account.add_key(Self::DEMO_VIEW_ONLY_KEY, Role::ViewOnly);
        let orders = serde_json::from_str::<Vec<Value>>(include_str!("demo.json"));
        for order in orders.unwrap_or_default() {
            account.add_order(order["id"].as_u64().unwrap_or_default(), order);
        }
        account.add_order_elsewhere(200_000_001, serde_json::json!({"status": "issued"}));
        account
    }

    /// Lets a key in.
    pub fn add_key(&mut self, key: impl Into<String>, role: Role) {
        self.keys.insert(key.into(), role);
    }

    /// Adds an order, or replaces the one of this id. `order` is an object as
    /// `GET /order/certificate/{order_id}` answers it; its `id` is set here.
    pub fn add_order(&mut self, id: u64, order: Value) {
        self.orders.insert(id, with_id(id, order));
    }

    /// Adds an order of another account: every key of this one is told `not_found|order`.
    pub fn add_order_elsewhere(&mut self, id: u64, order: Value) {
        self.elsewhere.insert(id, with_id(id, order));
    }

    pub(crate) fn role(&self, key: &str) -> Option<Role> {
        self.keys.get(key).copied()
    }

    pub(crate) fn orders(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.orders.values()
    }

    pub(crate) fn order(&self, id: u64) -> Option<&Map<String, Value>> {
        self.orders.get(&id)
    }

    /// An order of any account, for looking in from outside of the API.
    pub(crate) fn order_anywhere(&self, id: u64) -> Option<&Map<String, Value>> {
        self.order(id).or_else(|| self.elsewhere.get(&id))
    }

    pub(crate) fn order_mut(&mut self, id: u64) -> Option<&mut Map<String, Value>> {
        self.orders.get_mut(&id)
    }
}

fn with_id(id: u64, order: Value) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert("id".to_owned(), id.into());
    if let Value::Object(given) = order {
        members.extend(given.into_iter().filter(|(name, _)| name != "id"));
    }
    members
}
