use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::contact_type::ContactType;
use crate::order_contact::OrderContact;
use crate::order_id::OrderId;
use crate::read_error::{self, ReadError};

/// An order, as `GET /order/certificate/{order_id}` returns it.
///
/// It is parsed leniently, because DigiCert adds and omits fields: unknown members are ignored, a
/// member of the wrong type counts as absent (in a contact, as [not
/// readable](OrderContact::is_readable)), and contacts are not validated. `Debug` shows no values of
/// contacts.
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[non_exhaustive]
pub struct Order {
    /// The order's id. `contacts-http` sets it in every order that it reads; a listed order whose id
    /// is missing or not readable has none. Read leniently: `" 7 "` and `7.0` are 7.
    #[serde(default, deserialize_with = "order_id")]
    pub id: Option<OrderId>,
    /// `issued`, `pending` or another status; DigiCert may add some.
    #[serde(default, deserialize_with = "lenient")]
    pub status: Option<String>,
    /// The contact that represents the organization.
    #[serde(default, deserialize_with = "contact")]
    pub organization_contact: Option<OrderContact>,
    /// The contact that maintains the certificate.
    #[serde(default, deserialize_with = "contact")]
    pub technical_contact: Option<OrderContact>,
    /// The ordered product.
    #[serde(default, deserialize_with = "product")]
    pub product: Option<Product>,
    /// The certificate's common name.
    #[serde(default, rename = "certificate", deserialize_with = "common_name")]
    pub common_name: Option<String>,
    /// The id of the container, which DigiCert's pages also call division.
    #[serde(default, deserialize_with = "container")]
    pub container: Option<u64>,
}

/// The product of an order: the members that identify a DV order.
///
/// ```
/// use contacts_core::Order;
///
/// let order = Order::from_json(br#"{"product": {"name_id": "ssl_plus", "type": "ssl_certificate"}}"#)?;
/// assert_eq!(order.product.unwrap().name_id.as_deref(), Some("ssl_plus"));
/// # Ok::<(), contacts_core::ReadError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Product {
    /// The product's id, such as `ssl_plus`.
    #[serde(default, deserialize_with = "lenient")]
    pub name_id: Option<String>,
    /// The product's display name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// The product's type, such as `ssl_certificate` or `dv_ssl_certificate`.
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub product_type: Option<String>,
    /// The validation type, such as `ov`, `ev` or `dv`.
    #[serde(default, deserialize_with = "lenient")]
    pub validation_type: Option<String>,
}

/// Whether an order is for a DV certificate, which has no organization contact.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DvStatus {
    /// The order is for a DV certificate.
    Yes,
    /// The order has another validation type.
    No,
    /// The response does not show the validation type.
    Unknown,
}

impl Order {
    /// Parses the body of a response.
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
    /// Returns an error if the bytes are not a JSON object.
    pub fn from_json(json: &[u8]) -> Result<Self, ReadError> {
        read_error::object(json)
    }

    /// The order's contact of a type, if it has one.
    #[must_use]
    pub const fn contact(&self, contact_type: ContactType) -> Option<&OrderContact> {
        match contact_type {
            ContactType::Organization => self.organization_contact.as_ref(),
            ContactType::Technical => self.technical_contact.as_ref(),
        }
    }

    /// Whether the order is for a DV certificate, by `product.validation_type`, `product.type` and
    /// `product.name_id`. Case is ignored. That these members identify a DV order is inferred from
    /// DigiCert's pages.
    #[must_use]
    pub fn dv_status(&self) -> DvStatus {
        let Some(product) = &self.product else {
            return DvStatus::Unknown;
        };
        let is_one_of = |value: &Option<String>, names: &[&str]| {
            let value = value.as_deref().unwrap_or_default();
            names.iter().any(|name| value.eq_ignore_ascii_case(name))
        };
        if is_one_of(&product.validation_type, &["dv"])
            || is_one_of(&product.product_type, &["dv_ssl_certificate"])
            || is_one_of(&product.name_id, &DV_PRODUCTS)
        {
            DvStatus::Yes
        } else if product.validation_type.is_some() {
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

/// A value of the wrong type counts as absent.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).ok())
}

fn order_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<OrderId>, D::Error> {
    Ok(OrderId::from_response(&Value::deserialize(from)?))
}

/// Excludes an array, which serde accepts for a struct.
fn product<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Product>, D::Error> {
    let object = Some(Value::deserialize(from)?).filter(Value::is_object);
    Ok(object.and_then(|object| serde_json::from_value(object).ok()))
}

fn contact<'de, D: Deserializer<'de>>(from: D) -> Result<Option<OrderContact>, D::Error> {
    Ok(OrderContact::from_value(&Value::deserialize(from)?))
}

fn container<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let id = &Value::deserialize(from)?["id"];
    Ok(id.as_u64().or_else(|| id.as_str()?.trim().parse().ok()))
}

fn common_name<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let certificate = Value::deserialize(from)?;
    Ok(certificate["common_name"].as_str().map(str::to_owned))
}
