use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::rule::Rule;
use crate::violation::{Leaf, Parent, Violation};

/// The id of a certificate order: 1 to 19 digits without a leading zero.
///
/// The id becomes part of the request URL, where `../x`, `1?x` or `1#x` would address another
/// resource, so only digits are valid (our own rule).
///
/// DigiCert documents the id as a string and returns an integer. It serializes as a string and
/// deserializes from both.
///
/// ```
/// use contacts_core::OrderId;
///
/// let order: OrderId = "123456789".parse()?;
/// assert_eq!(order.to_string(), "123456789");
/// assert_eq!(
///     OrderId::parse("../user").unwrap_err().to_string(),
///     "order_id: not an order id: expected 1 to 19 digits, no leading zero",
/// );
/// # Ok::<(), contacts_core::Violation>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(NonZeroU64);

impl OrderId {
    const MAX_DIGITS: usize = 19;
    const MAX: u64 = 9_999_999_999_999_999_999;

    /// Parses an order id. White space is not trimmed.
    ///
    /// # Errors
    /// Returns a [`Violation`] of [`Rule::OrderIdFormat`] unless `text` is 1 to 19 ASCII digits
    /// without a leading zero.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        if !digits || text.len() > Self::MAX_DIGITS || text.starts_with('0') {
            return Err(Self::violation());
        }
        text.parse().map(Self).map_err(|_| Self::violation())
    }

    /// The id as an integer, as in the API's responses.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0.get()
    }

    /// Reads an id from a response: also a text with white space around it, and an integer that a
    /// converter wrote as `7.0`, as a number or as text.
    pub(crate) fn from_response(json: &Value) -> Option<Self> {
        /// Up to here, a float is exact.
        const MAX_FLOAT: f64 = 9_007_199_254_740_992.0;
        let text = match json {
            Value::String(text) => text.clone(),
            Value::Number(number) if number.is_u64() => number.to_string(),
            Value::Number(number) if number.as_f64()? < MAX_FLOAT => number.to_string(),
            _ => return None,
        };
        let text = text.trim();
        let (digits, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let is_integer = !fraction.is_empty() && fraction.bytes().all(|b| b == b'0');
        is_integer.then(|| Self::parse(digits).ok()).flatten()
    }

    fn violation() -> Violation {
        Violation::new(Parent::Root, Leaf::OrderId, Rule::OrderIdFormat)
    }
}

impl FromStr for OrderId {
    type Err = Violation;

    fn from_str(text: &str) -> Result<Self, Violation> {
        Self::parse(text)
    }
}

impl TryFrom<u64> for OrderId {
    type Error = Violation;

    fn try_from(id: u64) -> Result<Self, Violation> {
        let id = NonZeroU64::new(id).filter(|id| id.get() <= Self::MAX);
        id.map(Self).ok_or_else(Self::violation)
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for OrderId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for OrderId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OrderIdVisitor)
    }
}

struct OrderIdVisitor;

impl Visitor<'_> for OrderIdVisitor {
    type Value = OrderId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an order id")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<OrderId, E> {
        OrderId::parse(text).map_err(|violation| E::custom(violation.rule()))
    }

    fn visit_u64<E: de::Error>(self, id: u64) -> Result<OrderId, E> {
        OrderId::try_from(id).map_err(|violation| E::custom(violation.rule()))
    }
}
