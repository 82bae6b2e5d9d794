//! Faults of the two sources that tell the contacts of many orders: the order report and the reports
//! query. The API carries them out.

use std::time::Duration;

use super::parse::invalid;
use super::{Action, Fault, FaultError};
use crate::api::{error, graphql};
use crate::http::response::Response;

/// The paths of the order report and of the reports query.
pub(super) const SOURCES: [&str; 2] = ["report/order", "reports/query"];

impl Action {
    /// Whether it acts on these sources only.
    pub(super) const fn is_of_source(self) -> bool {
        matches!(self, Self::Absent | Self::Lag | Self::Cut)
    }

    /// Whether it leaves the request to the API.
    pub(super) const fn is_applied(self) -> bool {
        matches!(self, Self::Delay | Self::Drip | Self::Half) || self.is_of_source()
    }
}

impl Fault {
    /// Responds to the order report or the reports query as if the account did not have it: with
    /// 404, with 403 as for a missing permission, or with 200 and an error of GraphQL.
    ///
    /// ```
    /// use contacts_sandbox::{Fault, Sandbox};
    ///
    /// let no_report = Fault::absent(404).path("report/order");
    /// let no_query = Fault::absent(200).path("reports/query");
    /// let sandbox = Sandbox::builder().fault(no_report).fault(no_query).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn absent(status: u16) -> Self {
        Self {
            status: Some(status.into()),
            ..Self::new(Action::Absent)
        }
    }

    /// Makes the order report and the reports query return the contacts as they were this long ago,
    /// by the clock of the sandbox and at most a year.
    ///
    /// ```
    /// use contacts_sandbox::{Fault, Sandbox};
    /// use std::time::Duration;
    ///
    /// let lag = Fault::lag(Duration::from_secs(3600)).path("reports/query");
    /// let sandbox = Sandbox::builder().fault(lag).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn lag(time: Duration) -> Self {
        Self {
            seconds: Some(time.as_secs_f64()),
            ..Self::new(Action::Lag)
        }
    }

    /// Makes the order report and the reports query return at most this number of orders, without
    /// a sign that there are more.
    ///
    /// ```
    /// use contacts_sandbox::{Fault, Sandbox};
    ///
    /// let sandbox = Sandbox::builder().fault(Fault::cut(100)).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn cut(rows: u32) -> Self {
        Self {
            rows: Some(rows.into()),
            ..Self::new(Action::Cut)
        }
    }

    /// Cuts the body of the order report or the reports query after this number of bytes, such as
    /// in the middle of a row. Its `Content-Length` fits.
    ///
    /// ```
    /// use contacts_sandbox::{Fault, Sandbox};
    ///
    /// let cut = Fault::cut_bytes(2000).path("report/order");
    /// let sandbox = Sandbox::builder().fault(cut).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn cut_bytes(bytes: u32) -> Self {
        Self {
            bytes: Some(bytes.into()),
            ..Self::new(Action::Cut)
        }
    }

    /// Checks the settings of a fault of a source, after the defaults were filled in.
    pub(super) fn check_source(&self) -> Result<(), FaultError> {
        let action = self.action;
        if !action.is_of_source() {
            return Ok(());
        }
        let is_source = |path: &String| SOURCES.contains(&path.as_str());
        if !self.path.as_ref().is_none_or(is_source) {
            let [report, query] = SOURCES;
            let rule = format!("acts on `{report}` and `{query}` only, not on another `path`");
            return invalid(format!("the action `{action}` {rule}"));
        }
        if self.orders.is_some() {
            return invalid(format!("the action `{action}` takes no `orders`"));
        }
        if action == Action::Cut && self.rows.is_none() && self.bytes.is_none() {
            return invalid("the action `cut` needs a number of `rows` or of `bytes`");
        }
        if action == Action::Absent && !matches!(self.status, Some(200 | 403 | 404)) {
            return invalid("`status` must be 200, 403 or 404");
        }
        Ok(())
    }

    /// How far the source lags behind.
    pub(crate) fn lag_time(&self) -> Duration {
        match self.action {
            Action::Lag => self.pause(),
            _ => Duration::ZERO,
        }
    }

    /// The most orders in an answer of the source.
    pub(crate) fn max_rows(&self) -> usize {
        let rows = self.rows.and_then(|rows| rows.try_into().ok());
        rows.unwrap_or(usize::MAX)
    }

    /// The most bytes of the body.
    pub(crate) fn max_bytes(&self) -> usize {
        let bytes = self.bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.unwrap_or(usize::MAX)
    }

    /// The API's response if the account does not have the resource; `None` if it has.
    pub(crate) fn absence(&self) -> Option<Response> {
        match (self.action, self.status) {
            (Action::Absent, Some(200)) => Some(graphql::error(
                "The account has no Custom Reports API: a fault of the sandbox.",
            )),
            (Action::Absent, Some(403)) => Some(error::missing_permission()),
            (Action::Absent, _) => Some(error::route_not_found()),
            _ => None,
        }
    }
}
