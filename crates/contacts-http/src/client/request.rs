use std::fmt;

use contacts_core::OrderId;

/// A request to the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    UpdateContacts(OrderId),
    Order(OrderId),
    Orders { offset: usize },
    OrderReport,
    OrganizationEmails,
    WhoAmI,
}

impl Request {
    pub(crate) fn path(self) -> String {
        match self {
            Self::UpdateContacts(order) => format!("order/certificate/{order}/contact"),
            Self::Order(order) => format!("order/certificate/{order}"),
            Self::Orders { .. } => "order/certificate".to_owned(),
            Self::OrderReport => "report/order".to_owned(),
            Self::OrganizationEmails => "reports/query".to_owned(),
            Self::WhoAmI => "user/me".to_owned(),
        }
    }

    pub(crate) const fn order(self) -> Option<OrderId> {
        match self {
            Self::UpdateContacts(order) | Self::Order(order) => Some(order),
            _ => None,
        }
    }

    /// The only status that is a success.
    pub(crate) const fn success_status(self) -> u16 {
        if self.is_change() { 204 } else { 200 }
    }

    pub(crate) const fn is_change(self) -> bool {
        matches!(self, Self::UpdateContacts(_))
    }

    pub(crate) const fn method(self) -> &'static str {
        match self {
            Self::UpdateContacts(_) => "PUT",
            Self::OrganizationEmails => "POST",
            _ => "GET",
        }
    }

    /// The start of an error message.
    pub(crate) fn write_failed(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UpdateContacts(order) => {
                write!(f, "the contacts of order {order} could not be changed")
            }
            Self::Order(order) => write!(f, "order {order} could not be read"),
            Self::Orders { .. } => f.write_str("the orders could not be listed"),
            Self::OrderReport => f.write_str("the order report could not be read"),
            Self::OrganizationEmails => {
                f.write_str("the report of organization contacts could not be read")
            }
            Self::WhoAmI => f.write_str("the API key could not be looked up"),
        }
    }
}

/// As in the log.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method(), self.path())?;
        match self {
            Self::Orders { offset } => write!(f, " from {offset}"),
            _ => Ok(()),
        }
    }
}
