use contacts_core::OrderId;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::{Attempt, Client, Request};
use crate::error::Error;
use crate::retry::Failure;

/// The largest number of orders to ask for: that of the order report. The limit of the query is not
/// known.
const MAX_ORDERS: usize = 100_000;

/// The relevant part of a GraphQL response.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Response {
    errors: Value,
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    order_details: Option<Vec<Row>>,
}

struct Row(Option<(OrderId, Option<String>)>);

impl<'de> Deserialize<'de> for Row {
    /// `None` for a row without a valid id, or whose address is neither a text nor `null`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let row = Value::deserialize(deserializer)?;
        let email = match row.get("contacts_email") {
            Some(Value::String(email)) => Some(email.clone()),
            Some(Value::Null) => None,
            _ => return Ok(Self(None)),
        };
        let id = OrderId::deserialize(&row["id"]);
        Ok(Self(id.ok().map(|id| (id, email))))
    }
}

impl Client {
    /// The e-mail address of the organization contact of each order, in one request:
    /// `POST /reports/query`. `None` is an order for which the report has none.
    ///
    /// The report narrows a search, and proves nothing: how soon it shows a change is not known, and it
    /// can end early, since the largest number of orders of a response is not known either. Rows that
    /// cannot be read are left out. So compare the result with the [list of orders](Self::orders), and
    /// read each order that is missing.
    ///
    /// ```
    /// use contacts_http::{ApiKey, BaseUrl, Client};
    ///
    /// # let sandbox = contacts_sandbox::Sandbox::start()?;
    /// # let client = Client::builder(ApiKey::parse(sandbox.api_key())?)
    /// #     .base_url(BaseUrl::parse(&sandbox.base_url())?)
    /// #     .build()?;
    /// let emails = match client.organization_emails() {
    ///     Ok(emails) => emails,
    ///     Err(error) if error.has_no_report() => Vec::new(),
    ///     Err(error) => return Err(error.into()),
    /// };
    /// println!("{} orders need no read", emails.len());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Returns [`Error`]. [`has_no_report`](Error::has_no_report) is true if the query got no usable
    /// answer; read each order instead.
    pub fn organization_emails(&self) -> Result<Vec<(OrderId, Option<String>)>, Error> {
        let query = format!(
            r#"{{ order_details(limit: {MAX_ORDERS}, sort: ["id", "ASC"]) {{ id contacts_email }} }}"#
        );
        let json = json!({"query": query, "variables": {}}).to_string();
        self.call(Request::OrganizationEmails, |attempt| {
            let response = attempt.query(json.as_bytes())?;
            let rows = response.data.and_then(|data| data.order_details);
            let rows = rows.ok_or(Failure::NotAReport)?;
            Ok(rows.into_iter().filter_map(|row| row.0).collect())
        })
    }
}

impl Attempt<'_> {
    fn query(&self, json: &[u8]) -> Result<Response, Failure> {
        let response = self.transport.query(&self.url(), json, self.fresh);
        let response = self.success(response.map_err(Failure::Transport)?)?;
        let response: Response = serde_json::from_slice(&response.body)
            .map_err(|error| Failure::Unreadable(error.into()))?;
        let is_empty = match &response.errors {
            Value::Null => true,
            Value::Array(errors) => errors.is_empty(),
            _ => false,
        };
        if is_empty {
            return Ok(response);
        }
        let errors = json!({"errors": response.errors}).to_string();
        let secrets: Vec<_> = self.settings.secrets().collect();
        Err(Failure::QueryRejected(self.api_errors(&errors, &secrets)))
    }
}
