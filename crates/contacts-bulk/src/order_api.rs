use std::io::Read;

use contacts_core::{ContactsUpdate, Order, OrderId};

use crate::failure::{Failure, FailureKind};
use crate::plan::order::PlannedOrder;
use crate::report::{OrderResult, Verification};

/// An order, and the e-mail address of its organization contact if the report has one.
pub type OrganizationEmail = (OrderId, Option<String>);

/// Which orders to list; by default all.
///
/// ```
/// use contacts_bulk::ListFilter;
///
/// let mut filter = ListFilter::default();
/// filter.status = Some("issued".to_owned());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListFilter {
    /// Only orders with this status.
    pub status: Option<String>,
    /// Only orders in which DigiCert's search finds this text.
    pub search: Option<String>,
}

/// The calls that this crate needs of a client. With the feature `http`, the client of
/// `contacts-http` implements it; a test can implement its own.
///
/// ```
/// use contacts_bulk::{Failure, Input, OrderApi, Plan, RunSettings};
/// use contacts_core::{ContactsUpdate, Order, OrderId};
///
/// struct Fake;
///
/// impl OrderApi for Fake {
///     fn read(&self, _: OrderId) -> Result<Order, Failure> {
///         Ok(Order::default())
///     }
///     fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> {
///         Ok(())
///     }
/// }
///
/// let file = "order_id,contact_type,first_name,last_name,email\n\
///             100000001,technical_contact,Jane,Doe,jane.doe@example.com\n";
/// let input = Input::from_csv(file)?;
/// let plan = Plan::fetch(input, &Fake, |_| {}).unwrap();
/// assert_eq!(plan.summary().changes, 1);
///
/// let settings = RunSettings::default().skip_verification();
/// let report = plan.apply(&settings, &Fake, |_| {});
/// assert_eq!(report.summary().changed, 1);
/// # Ok::<(), contacts_bulk::Problems>(())
/// ```
///
/// Only an [`Export`](crate::export::Export), a [`Search`](crate::search::Search) and rules use `list`. The
/// first two and [`Verify::Report`](crate::Verify::Report) use `report` and `organization_emails`. By
/// default, `list` fails and the others return `None`.
pub trait OrderApi: Send + Sync {
    /// Reads an order with its contacts.
    ///
    /// # Errors
    /// Returns a [`Failure`] whose [`kind`](Failure::kind) says whether other orders can still
    /// succeed.
    fn read(&self, order: OrderId) -> Result<Order, Failure>;

    /// Changes the contacts of an order.
    ///
    /// # Errors
    /// Returns a [`Failure`] whose [`outcome`](Failure::outcome) says whether the order may have
    /// been changed.
    fn update(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure>;

    /// As [`update`](Self::update), which the default calls. For a client that waits for a rate limit or
    /// repeats updates: it reads the order again before an attempt if `must_read` returns `true` at that
    /// moment, or if the outcome of an earlier attempt is unknown. If the order then has its update, the
    /// result is [`Verification::VerifiedWithoutAnswer`]. If `is_changed` returns `true` for it, somebody
    /// else has changed it, and the update is not sent.
    ///
    /// # Errors
    /// As `update`.
    fn update_unless(
        &self,
        order: OrderId,
        update: &ContactsUpdate,
        must_read: &dyn Fn() -> bool,
        is_changed: &dyn Fn(&Order) -> bool,
    ) -> Result<Verification, Failure> {
        let _ = (must_read, is_changed);
        self.update(order, update)?;
        Ok(Verification::NotRequested)
    }

    /// Calls `send`, which updates an order of a plan with [`update_unless`](Self::update_unless), and
    /// returns the result. If other processes send the updates, such as the workers of a queue, a client
    /// passes the order to them instead and waits for the [result](crate::worker::result_from_json).
    ///
    /// At this time, the journal contains that the update was started. A result that is not known has
    /// the outcome [`Unknown`](contacts_core::Outcome::Unknown).
    fn send_planned(&self, order: &PlannedOrder, send: &dyn Fn() -> OrderResult) -> OrderResult {
        let _ = order;
        send()
    }

    /// Lists the orders of the account that match the filter. The listed orders need not include
    /// their contacts. An export counts an order without an [`id`](Order::id) as missing.
    fn list(&self, filter: &ListFilter) -> Box<dyn Iterator<Item = Result<Order, Failure>> + '_> {
        let _ = filter;
        let message = "this client does not list orders";
        let failure = Failure::new(FailureKind::Other, contacts_core::Outcome::NotSent, message);
        Box::new(std::iter::once(Err(failure)))
    }

    /// Fetches DigiCert's order report: CSV with the technical contact of every order. Returns
    /// `None` if the account has no report.
    ///
    /// # Errors
    /// Returns a [`Failure`] if the report cannot be fetched.
    fn report(&self) -> Result<Option<Box<dyn Read>>, Failure> {
        Ok(None)
    }

    /// Fetches the e-mail address of the organization contact of every order from DigiCert's reports
    /// query. Returns `None` if the account has no such report, or the server does not answer the
    /// query.
    ///
    /// Orders may be missing, and their addresses may be out of date.
    ///
    /// # Errors
    /// Returns a [`Failure`] if the report cannot be fetched.
    fn organization_emails(&self) -> Result<Option<Vec<OrganizationEmail>>, Failure> {
        Ok(None)
    }
}
