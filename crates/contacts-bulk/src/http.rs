//! The client of `contacts-http` as an [`OrderApi`].

use std::io::Read;

use contacts_core::{ContactsUpdate, Order, OrderId};
use contacts_http::{Client, Error, OrderFilter, Updated};

use crate::account::AccountIdentity;
use crate::failure::{Failure, FailureKind};
use crate::order_api::{ListFilter, OrderApi, OrganizationEmail};
use crate::report::Verification;

impl OrderApi for Client {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        Ok(self.order(order)?)
    }

    fn update(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        self.update_contacts(order, update)?;
        Ok(())
    }

    fn update_unless(
        &self,
        order: OrderId,
        update: &ContactsUpdate,
        must_read: &dyn Fn() -> bool,
        is_changed: &dyn Fn(&Order) -> bool,
    ) -> Result<Verification, Failure> {
        let updated = self.update_contacts_unless(order, update, must_read, is_changed)?;
        Ok(updated.into())
    }

    fn list(&self, filter: &ListFilter) -> Box<dyn Iterator<Item = Result<Order, Failure>> + '_> {
        let mut orders = OrderFilter::default();
        if let Some(status) = &filter.status {
            orders = orders.status(status);
        }
        if let Some(text) = &filter.search {
            orders = orders.search(text);
        }
        Box::new(self.orders(orders).map(|order| Ok(order?)))
    }

    fn report(&self) -> Result<Option<Box<dyn Read>>, Failure> {
        match self.order_report() {
            Ok(report) => Ok(Some(Box::new(report))),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn organization_emails(&self) -> Result<Option<Vec<OrganizationEmail>>, Failure> {
        match Self::organization_emails(self) {
            Ok(emails) => Ok(Some(emails)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether the API said that the account does not have a report. The cause of any other answer is shown.
fn is_missing(error: &Error) -> bool {
    error.has_no_report() && error.status().is_some() && !error.api_errors().is_empty()
}

impl From<Updated> for Verification {
    fn from(updated: Updated) -> Self {
        match updated {
            Updated::ConfirmedByReading { .. } => Self::VerifiedWithoutAnswer,
            _ => Self::NotRequested,
        }
    }
}

impl From<&Client> for AccountIdentity {
    /// The account that the client's key opens at its base URL.
    fn from(client: &Client) -> Self {
        Self::new(client.base_url().to_string(), client.api_key().expose())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let codes = error.api_errors().iter().map(|error| error.code.as_str());
        let codes = codes.filter(|code| !code.is_empty());
        let kind = if error.is_auth() {
            FailureKind::KeyRejected
        } else if error.is_rate_limited() {
            FailureKind::RateLimited
        } else if error.is_cancelled() {
            FailureKind::Cancelled
        } else if error.is_not_found() {
            FailureKind::NotFound
        } else if error.is_unavailable() {
            FailureKind::Unavailable
        } else {
            FailureKind::Other
        };
        Self::new(kind, error.outcome(), with_causes(error)).with_codes(codes)
    }
}

/// The message of an error and of its causes, on one line.
#[must_use]
pub fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let messages: Vec<_> = causes.map(ToString::to_string).collect();
    messages.join(": ")
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::TcpListener;

    use contacts_http::{ApiKey, BaseUrl, Client};

    use super::{OrderApi, Read};

    /// The addresses that an [`OrderApi`] gets from a server with this response.
    fn organization_emails(response: &'static str) -> Result<Option<usize>, String> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            stream.write_all(response.as_bytes()).unwrap();
        });
        let builder = Client::builder(ApiKey::parse("key").unwrap());
        let client = builder.base_url(BaseUrl::parse(&url).unwrap()).build();
        let emails = OrderApi::organization_emails(&client.unwrap());
        server.join().unwrap();
        let count = |emails: Option<Vec<_>>| emails.map(|emails| emails.len());
        emails.map(count).map_err(|failure| failure.to_string())
    }

    #[test]
    fn an_account_without_the_reports_query_has_no_organization_emails() {
        let row = "HTTP/1.1 200 OK\r\n\r\n{\"data\":{\"order_details\":[{\"id\":\"1\",\"contacts_email\":null}]}}";
        assert_eq!(organization_emails(row), Ok(Some(1)));
        let missing = "HTTP/1.1 404 Not Found\r\n\r\n{\"errors\":[{\"code\":\"not_found|route\"}]}";
        assert_eq!(organization_emails(missing), Ok(None));
        let rejected = "HTTP/1.1 200 OK\r\n\r\n{\"errors\":[{\"message\":\"no\"}]}";
        assert!(organization_emails(rejected).is_err());
        let cut = "HTTP/1.1 200 OK\r\n\r\n{\"data\":{\"order_details\":[{\"id\":\"1";
        assert!(organization_emails(cut).is_err());
    }
}
