//! An account with reports that can be missing, cut, malformed, behind or wrong.

use std::io::{Cursor, Read};
use std::sync::atomic::{AtomicUsize, Ordering};

use contacts_bulk::{Failure, FailureKind, OrderApi, OrganizationEmail};
use contacts_core::{Contact, ContactsUpdate, Order, OrderId, Outcome};

use crate::account::FakeAccount;

/// An account with an order report and a reports query, both up to date, which can be altered.
pub(crate) struct Reporting {
    pub(crate) account: FakeAccount,
    report: Box<dyn Fn(String) -> Answer<String> + Send + Sync>,
    emails: Box<dyn Fn(Emails) -> Answer<Emails> + Send + Sync>,
    /// The number of requests for a report.
    pub(crate) asked: AtomicUsize,
}

pub(crate) type Answer<T> = Result<Option<T>, FailureKind>;
pub(crate) type Emails = Vec<OrganizationEmail>;

pub(crate) const HEADER: &str =
    "order_id,tech_first_name,tech_last_name,tech_email,tech_title,tech_telephone\n";

impl Reporting {
    pub(crate) fn new(account: FakeAccount) -> Self {
        Self {
            account,
            report: Box::new(|text| Ok(Some(text))),
            emails: Box::new(|emails| Ok(Some(emails))),
            asked: AtomicUsize::new(0),
        }
    }

    pub(crate) fn report(
        mut self,
        report: impl Fn(String) -> Answer<String> + Send + Sync + 'static,
    ) -> Self {
        self.report = Box::new(report);
        self
    }

    pub(crate) fn emails(
        mut self,
        emails: impl Fn(Emails) -> Answer<Emails> + Send + Sync + 'static,
    ) -> Self {
        self.emails = Box::new(emails);
        self
    }

    /// The order report as it is now.
    pub(crate) fn rows(&self) -> String {
        let mut orders: Vec<_> = self.account.all().into_iter().collect();
        orders.sort_by_key(|(id, _)| *id);
        let row = |(id, order): (u64, serde_json::Value)| {
            let fields = ["first_name", "last_name", "email", "job_title", "telephone"];
            let contact = &order["technical_contact"];
            let fields = fields.map(|field| contact[field].as_str().unwrap_or_default());
            format!("\"{id}\",\"{}\"\n", fields.join("\",\""))
        };
        HEADER.to_owned() + &orders.into_iter().map(row).collect::<String>()
    }
}

fn failure(kind: FailureKind) -> Failure {
    Failure::new(kind, Outcome::NotSent, "no answer")
}

impl OrderApi for Reporting {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        self.account.read(order)
    }

    fn update(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        self.account.update(order, update)
    }

    fn report(&self) -> Result<Option<Box<dyn Read>>, Failure> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let report = (self.report)(self.rows()).map_err(failure)?;
        Ok(report.map(|text| Box::new(Cursor::new(text)) as Box<dyn Read>))
    }

    fn organization_emails(&self) -> Result<Option<Emails>, Failure> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let emails = self.account.all().into_iter().map(|(id, order)| {
            let email = order["organization_contact"]["email"].as_str();
            (self::id(id), email.map(str::to_owned))
        });
        (self.emails)(emails.collect()).map_err(failure)
    }
}

pub(crate) fn id(id: u64) -> OrderId {
    OrderId::parse(&id.to_string()).unwrap()
}

/// An account whose orders have Ann as their organization contact.
pub(crate) fn with_ann(orders: u64) -> Reporting {
    let account = FakeAccount::with(orders);
    let ann = Contact::draft("Ann", "Lee", "ann@example.com").telephone("1");
    let ann = ContactsUpdate::organization(ann.build().unwrap());
    (1..=orders).for_each(|order| account.update(id(order), &ann).unwrap());
    account.sent.lock().unwrap().clear();
    Reporting::new(account)
}
