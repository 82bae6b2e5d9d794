//! An account in memory, whose calls can be told to fail.

use std::cell::RefCell;
use std::collections::HashMap;

use contacts_bulk::{Failure, FailureKind, Input, Orders};
use contacts_core::{ContactType, ContactsUpdate, Order, OrderId, Outcome};
use serde_json::{Value, json};

#[derive(Default)]
pub(crate) struct Account {
    orders: RefCell<HashMap<u64, Value>>,
    reads: HashMap<u64, Failure>,
    writes: HashMap<u64, Failure>,
    lossy: bool,
    pub(crate) sent: RefCell<Vec<u64>>,
}

impl Account {
    /// Orders with the ids 1 to `count`, each with John as its technical contact.
    pub(crate) fn with(count: u64) -> Self {
        let john = json!({"first_name": "John", "last_name": "Doe", "email": "john@example.com"});
        let order = |id| (id, json!({"id": id, "technical_contact": john}));
        Self {
            orders: RefCell::new((1..=count).map(order).collect()),
            ..Self::default()
        }
    }

    pub(crate) fn dv(self, id: u64) -> Self {
        self.orders.borrow_mut().get_mut(&id).unwrap()["product"] =
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

    pub(crate) fn technical_email(&self, id: u64) -> String {
        let orders = self.orders.borrow();
        orders[&id]["technical_contact"]["email"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

impl Orders for Account {
    fn order(&self, order: OrderId) -> Result<Order, Failure> {
        if let Some(failure) = self.reads.get(&order.get()) {
            return Err(failure.clone());
        }
        let orders = self.orders.borrow();
        let order = orders.get(&order.get()).ok_or_else(not_found)?;
        Ok(serde_json::from_value(order.clone()).unwrap())
    }

    fn update_contacts(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        self.sent.borrow_mut().push(order.get());
        if let Some(failure) = self.writes.get(&order.get()) {
            return Err(failure.clone());
        }
        let mut orders = self.orders.borrow_mut();
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

pub(crate) fn trouble() -> Failure {
    Failure::new(
        FailureKind::ServerTrouble,
        Outcome::Unknown,
        "the exchange broke off",
    )
}

pub(crate) fn key_refused() -> Failure {
    Failure::new(
        FailureKind::KeyRefused,
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
    Input::from_csv(csv.as_bytes(), false).unwrap()
}
