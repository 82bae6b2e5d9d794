use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::contact_type::ContactType;
use crate::order_contact::OrderContact;
use crate::order_id::OrderId;
use crate::read_error::{self, ReadError};

/// An order as `GET /order/certificate/{order_id}` tells it.
///
/// Read loosely, because DigiCert adds fields and leaves fields out: unknown members are ignored,
/// a member of an unexpected type counts as absent (of a contact, as [not
/// readable](OrderContact::is_readable)), and no rule of a [`Contact`](crate::Contact) is applied. `Debug` shows no contact's values.
///
/// ```
/// use contacts_core::{ContactType, DvStatus, Order};
///
/// let order: Order = serde_json::from_str(
///     r#"{"id": 7, "status": "issued", "technical_contact": {"email": "jane.doe@example.com"},
///         "product": {"name_id": "ssl_plus", "validation_type": "ov"}}"#,
/// )?;
/// assert_eq!(order.contact(ContactType::Technical).unwrap().email(), Some("jane.doe@example.com"));
/// assert!(order.contact(ContactType::Organization).is_none());
/// assert_eq!(order.dv_status(), DvStatus::No);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Order {
    /// The order's id.
    #[serde(default, deserialize_with = "order_id")]
    pub id: Option<OrderId>,
    /// `issued`, `pending` and others; new ones come without notice.
    #[serde(default, deserialize_with = "loose")]
    pub status: Option<String>,
    /// The contact that speaks for the organization.
    #[serde(default, deserialize_with = "contact")]
    pub organization_contact: Option<OrderContact>,
    /// The contact that looks after the certificate.
    #[serde(default, deserialize_with = "contact")]
    pub technical_contact: Option<OrderContact>,
    /// What was ordered.
    #[serde(default, deserialize_with = "object")]
    pub product: Option<Product>,
    /// The first name in the certificate.
    #[serde(default, rename = "certificate", deserialize_with = "common_name")]
    pub common_name: Option<String>,
}

/// The product of an order, as far as it tells a DV order from the others.
///
/// ```
/// use contacts_core::Order;
///
/// let order = Order::from_json(br#"{"product": {"name_id": "ssl_plus", "type": "ssl_certificate"}}"#)?;
/// assert_eq!(order.product.unwrap().name_id.as_deref(), Some("ssl_plus"));
/// # Ok::<(), contacts_core::ReadError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Product {
    /// Such as `ssl_plus`.
    #[serde(default, deserialize_with = "loose")]
    pub name_id: Option<String>,
    /// The product's name for people.
    #[serde(default, deserialize_with = "loose")]
    pub name: Option<String>,
    /// Such as `ssl_certificate` or `dv_ssl_certificate`.
    #[serde(default, rename = "type", deserialize_with = "loose")]
    pub kind: Option<String>,
    /// Such as `ov`, `ev` or `dv`.
    #[serde(default, deserialize_with = "loose")]
    pub validation_type: Option<String>,
}

/// Whether an order is for a DV certificate, and so can't have an organization contact.
///
/// ```
/// use contacts_core::{DvStatus, Order};
///
/// let dv = |json: &[u8]| Order::from_json(json).map(|order| order.dv_status());
/// assert_eq!(dv(br#"{"product": {"name_id": "ssl_dv_geotrust"}}"#)?, DvStatus::Yes);
/// assert_eq!(dv(br#"{"product": {"validation_type": "ov"}}"#)?, DvStatus::No);
/// assert_eq!(dv(br#"{"product": {"name_id": "ssl_plus"}}"#)?, DvStatus::Unknown);
/// # Ok::<(), contacts_core::ReadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DvStatus {
    /// A DV order.
    Yes,
    /// Of another validation type.
    No,
    /// The answer did not tell; DigiCert has to judge.
    Unknown,
}

impl Order {
    /// Reads the body of an answer.
    ///
    /// ```
    /// use contacts_core::Order;
    ///
    /// let order = Order::from_json(br#"{"id": 7, "certificate": {"common_name": "www.example.com"}}"#)?;
    /// assert_eq!(order.id.unwrap().get(), 7);
    /// assert_eq!(order.common_name.as_deref(), Some("www.example.com"));
    /// # Ok::<(), contacts_core::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadError`] where it is not JSON or not an object.
    pub fn from_json(json: &[u8]) -> Result<Self, ReadError> {
        read_error::object(json)
    }

    /// The order's contact of a type, if it has one.
    #[must_use]
    pub const fn contact(&self, kind: ContactType) -> Option<&OrderContact> {
        match kind {
            ContactType::Organization => self.organization_contact.as_ref(),
            ContactType::Technical => self.technical_contact.as_ref(),
        }
    }

    /// Whether this is a DV order, by `product.validation_type`, `product.type` and
    /// `product.name_id`, compared without case. That these three tell it is inferred from
    /// DigiCert's pages.
    #[must_use]
    pub fn dv_status(&self) -> DvStatus {
        let Some(product) = &self.product else {
            return DvStatus::Unknown;
        };
        let is = |value: &Option<String>, names: &[&str]| {
            let value = value.as_deref().unwrap_or_default();
            names.iter().any(|name| value.eq_ignore_ascii_case(name))
        };
        if is(&product.validation_type, &["dv"])
            || is(&product.kind, &["dv_ssl_certificate"])
            || is(&product.name_id, &DV_PRODUCTS)
        {
            return DvStatus::Yes;
        }
        if product.validation_type.is_some() {
            DvStatus::No
        } else {
            DvStatus::Unknown
        }
    }
}

const DV_PRODUCTS: [&str; 6] = [
    "ssl_dv_geotrust",
    "ssl_dv_rapidssl",
    "wildcard_dv_geotrust",
    "wildcard_dv_rapidssl",
    "cloud_dv_geotrust",
    "ssl_dv_geotrust_flex",
];

/// Anything that is not of the expected type counts as absent.
fn loose<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).ok())
}

/// An array would do for a struct, as far as serde is concerned.
fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Option<T>, D::Error> {
    let value = Value::deserialize(from)?;
    Ok(if value.is_object() {
        serde_json::from_value(value).ok()
    } else {
        None
    })
}

fn contact<'de, D: Deserializer<'de>>(from: D) -> Result<Option<OrderContact>, D::Error> {
    Ok(OrderContact::of(&Value::deserialize(from)?))
}

fn order_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<OrderId>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Number(number) => number.as_u64().and_then(|id| OrderId::try_from(id).ok()),
        Value::String(text) => OrderId::parse(&text).ok(),
        _ => None,
    })
}

fn common_name<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let certificate = Value::deserialize(from)?;
    Ok(certificate["common_name"].as_str().map(str::to_owned))
}
