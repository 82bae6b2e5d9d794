//! An account in memory. Calls can be configured to fail.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use contacts_bulk::{Failure, FailureKind, Input, OrderApi};
use contacts_core::{ContactType, ContactsUpdate, Order, OrderId, Outcome};
use serde_json::{Value, json};

#[derive(Default)]
pub(crate) struct FakeAccount {
    orders: Mutex<HashMap<u64, Value>>,
    reads: HashMap<u64, Failure>,
    writes: HashMap<u64, Failure>,
    lossy: bool,
    read: AtomicUsize,
    pub(crate) sent: Mutex<Vec<u64>>,
}

impl FakeAccount {
    /// Orders with the ids 1 to `count`, each with John as its technical contact.
    pub(crate) fn with(count: u64) -> Self {
        let john = json!({"first_name": "John", "last_name": "Doe", "email": "john@example.com"});
        let order = |id| (id, json!({"id": id, "technical_contact": john}));
        Self {
            orders: Mutex::new((1..=count).map(order).collect()),
            ..Self::default()
        }
    }

    pub(crate) fn dv(self, id: u64) -> Self {
        self.orders.lock().unwrap().get_mut(&id).unwrap()["product"] =
            json!({"validation_type": "dv"});
        self
    }

    pub(crate) fn read_fails(mut self, id: u64, failure: Failure) -> Self {
        self.reads.insert(id, failure);
        self
    }

    pub(crate) fn write_fails(mut self, id: u64, failure: Failure) -> Self {
        self.writes.insert(id, failure);
        self
    }

    /// Accepts changes, but does not store the job title.
    pub(crate) fn lossy(mut self) -> Self {
        self.lossy = true;
        self
    }

    /// Lets every update succeed again.
    pub(crate) fn heal(mut self) -> Self {
        self.writes.clear();
        self
    }

    /// Sets the contact that `jane_for` sets.
    pub(crate) fn set_jane(&self, id: u64) {
        let jane = json!({"first_name": "Jane", "last_name": "Doe", "email": "jane@example.com", "job_title": "SRE"});
        self.orders.lock().unwrap().get_mut(&id).unwrap()["technical_contact"] = jane;
    }

    /// Changes the first name of an order's technical contact, as another user would.
    pub(crate) fn change_elsewhere(&self, id: u64, first_name: &str) {
        self.set(id, "first_name", first_name);
    }

    /// Sets a field of an order's technical contact.
    pub(crate) fn set(&self, id: u64, field: &str, value: &str) {
        self.orders.lock().unwrap().get_mut(&id).unwrap()["technical_contact"][field] =
            json!(value);
    }

    /// Removes the technical contact of an order.
    pub(crate) fn clear(&self, id: u64) {
        self.orders.lock().unwrap().get_mut(&id).unwrap()["technical_contact"] = Value::Null;
    }

    /// The number of reads.
    pub(crate) fn reads(&self) -> usize {
        self.read.load(Ordering::Relaxed)
    }

    /// The current orders.
    pub(crate) fn all(&self) -> HashMap<u64, Value> {
        self.orders.lock().unwrap().clone()
    }

    pub(crate) fn technical_email(&self, id: u64) -> String {
        let orders = self.orders.lock().unwrap();
        orders[&id]["technical_contact"]["email"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

impl OrderApi for FakeAccount {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        self.read.fetch_add(1, Ordering::Relaxed);
        if let Some(failure) = self.reads.get(&order.get()) {
            return Err(failure.clone());
        }
        let orders = self.orders.lock().unwrap();
        let order = orders.get(&order.get()).ok_or_else(not_found)?;
        Ok(serde_json::from_value(order.clone()).unwrap())
    }

    fn update(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        self.sent.lock().unwrap().push(order.get());
        if let Some(failure) = self.writes.get(&order.get()) {
            return Err(failure.clone());
        }
        let mut orders = self.orders.lock().unwrap();
        let order = orders.get_mut(&order.get()).ok_or_else(not_found)?;
        for (kind, contact) in update.contacts() {
            for (field, value) in contact.fields() {
                let lost = self.lossy && field.as_str() == "job_title";
                if !lost {
                    order[kind.as_str()][field.as_str()] = json!(value);
                }
            }
        }
        Ok(())
    }
}

pub(crate) fn not_found() -> Failure {
    Failure::new(FailureKind::NotFound, Outcome::Rejected, "no such order")
}

pub(crate) fn unavailable() -> Failure {
    Failure::new(
        FailureKind::Unavailable,
        Outcome::Unknown,
        "the exchange broke off",
    )
}

pub(crate) fn key_rejected() -> Failure {
    Failure::new(
        FailureKind::KeyRejected,
        Outcome::Rejected,
        "the key was refused",
    )
}

/// Jane as the technical contact of the orders 1 to `count`.
pub(crate) fn jane_for(count: u64) -> Input {
    let row = |id| {
        format!(
            "{id},{},Jane,Doe,jane@example.com,SRE\n",
            ContactType::Technical
        )
    };
    let rows: String = (1..=count).map(row).collect();
    input(&format!(
        "order_id,contact_type,first_name,last_name,email,job_title\n{rows}"
    ))
}

pub(crate) fn input(csv: &str) -> Input {
    Input::from_csv(csv).unwrap()
}
