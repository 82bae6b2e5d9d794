use contacts_core::{Change, ContactsUpdate, FieldState, Order, OrderId};

use super::{Attempt, Client, Request};
use crate::error::Error;
use crate::retry::Failure;

/// How an update succeeded.
///
/// ```
/// use contacts_core::{Contact, ContactsUpdate, OrderId};
/// use contacts_http::{ApiKey, BaseUrl, Client, Updated};
///
/// # let sandbox = contacts_sandbox::Sandbox::start()?;
/// # let client = Client::builder(ApiKey::parse(sandbox.api_key())?)
/// #     .base_url(BaseUrl::parse(&sandbox.base_url())?)
/// #     .build()?;
/// let jane = Contact::draft("Jane", "Doe", "jane.doe@example.com").build()?;
/// let order = OrderId::parse("100000001")?;
/// let updated = client.update_contacts(order, &ContactsUpdate::technical(jane))?;
/// assert_eq!(updated, Updated::Accepted);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Updated {
    /// The server answered 204.
    Accepted,
    /// No attempt was answered with 204, but a read of the order showed that it has every readable
    /// value of the update.
    #[non_exhaustive]
    ConfirmedByReading {
        /// How many times the update was sent, or tried to be sent.
        attempts: u32,
    },
}

impl Client {
    /// Changes the contacts of one order: `PUT /order/certificate/{order_id}/contact`.
    ///
    /// The API has no undo: read the order first to be able to restore its contacts. The request
    /// can be sent more than once, see [`Retry`](crate::Retry).
    ///
    /// If the outcome of an attempt is unknown, such as after a timeout, the order is read before
    /// the next attempt, and after the last. If it is as wanted, the update succeeds as
    /// [`ConfirmedByReading`](Updated::ConfirmedByReading) and is not sent again. The read takes a
    /// permit of the rate limit. If it fails, it is retried as an attempt, and the update is not sent
    /// again without it.
    ///
    /// A server that is still processing the update can apply it after the read, so an update can be
    /// sent again although the server applies it, and the outcome of an error stays unknown. A field
    /// that is not readable, such as `language_id`, is only confirmed if an earlier read of the same
    /// call differed from the update; otherwise the order could have had the other values before.
    ///
    /// If somebody else changed the order between two attempts, the next attempt overwrites that;
    /// [`update_contacts_unless`](Self::update_contacts_unless) can prevent it.
    ///
    /// # Errors
    /// Returns [`Error`]. Its [`outcome`](Error::outcome) says whether the order may have been
    /// changed.
    pub fn update_contacts(
        &self,
        order: OrderId,
        update: &ContactsUpdate,
    ) -> Result<Updated, Error> {
        self.update_contacts_unless(order, update, || false, |_| false)
    }

    /// As [`update_contacts`](Self::update_contacts), but never overwrites a change of somebody else that
    /// a read shows. `is_changed` gets the order as a read between two attempts shows it, without the
    /// update. Immediately before each attempt, when its wait for the rate limit is over, `must_read` is
    /// asked whether the order has to be read again, because the last read is too old.
    ///
    /// ```
    /// use contacts_core::{Contact, ContactsUpdate, OrderId};
    /// use contacts_http::{ApiKey, BaseUrl, Client};
    ///
    /// # let sandbox = contacts_sandbox::Sandbox::start()?;
    /// # let client = Client::builder(ApiKey::parse(sandbox.api_key())?)
    /// #     .base_url(BaseUrl::parse(&sandbox.base_url())?)
    /// #     .build()?;
    /// let jane = Contact::draft("Jane", "Doe", "jane.doe@example.com").build()?;
    /// let id = OrderId::parse("100000001")?;
    /// let before = client.order(id)?;
    /// let read = std::time::Instant::now();
    /// let is_old = || read.elapsed().as_secs() > 30;
    /// client.update_contacts_unless(id, &ContactsUpdate::technical(jane), is_old, |now| {
    ///     now.technical_contact != before.technical_contact
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As `update_contacts`, and if the order was changed.
    pub fn update_contacts_unless(
        &self,
        order: OrderId,
        update: &ContactsUpdate,
        must_read: impl Fn() -> bool,
        is_changed: impl Fn(&Order) -> bool,
    ) -> Result<Updated, Error> {
        let json = update.to_json();
        let mut has_differed = false;
        let send = |attempt: &Attempt<'_>| {
            let response = attempt.transport.put(&attempt.url(), &json, attempt.fresh);
            let response = response.map_err(Failure::Transport)?;
            if response.status == 204 {
                return Ok(Updated::Accepted);
            }
            let sent = &values(update);
            Err(Attempt { sent, ..*attempt }.status_failure(&response))
        };
        let resolve = |attempt: &Attempt<'_>, attempts| {
            let (request, secrets) = (Request::Order(order), &values(update));
            let now = Attempt {
                request,
                sent: secrets,
                ..*attempt
            }
            .order(order)?;
            let change = Change::between(&now, update);
            has_differed |= change.has_mismatch();
            let is_applied = !change.has_mismatch() && (has_differed || is_readable(&change));
            if is_applied {
                return Ok(Some(Updated::ConfirmedByReading { attempts }));
            }
            if change.has_mismatch() && is_changed(&now) {
                return Err(Failure::ChangedMeanwhile);
            }
            Ok(None)
        };
        self.call_and_resolve(Request::UpdateContacts(order), send, &must_read, resolve)
    }
}

fn values(update: &ContactsUpdate) -> Vec<&str> {
    let fields = update.contacts().flat_map(|(_, contact)| contact.fields());
    fields.map(|(_, value)| value).collect()
}

fn is_readable(change: &Change) -> bool {
    let mut states = change.fields().iter().map(|field| field.state);
    states.all(|state| state != FieldState::NotReadable)
}
