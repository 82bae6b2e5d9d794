use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::field::Field;
use crate::rule::Rule;
use crate::violation::{Path, Violation};

/// The id of a certificate order: 1 to 19 digits, the first not a zero.
///
/// DigiCert documents the path value as a string and answers with an integer. The id becomes part
/// of the request's address, where `../x`, `1?x` or `1#x` would reach another resource, so nothing
/// but digits is let through (our own decision).
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

    /// Reads an order id.
    ///
    /// # Errors
    /// A [`Violation`] of [`Rule::OrderIdFormat`] for anything but 1 to 19 ASCII digits that don't
    /// begin with a zero. White space is not trimmed.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        if !digits || text.len() > Self::MAX_DIGITS || text.starts_with('0') {
            return Err(Self::violation());
        }
        text.parse().map(Self).map_err(|_| Self::violation())
    }

    /// The id as an integer, as the API's answers give it.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0.get()
    }

    fn violation() -> Violation {
        Violation::new(Path::order_id(), Rule::OrderIdFormat)
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
        // The largest id of 19 digits; a u64 can hold one of 20.
        if id > 9_999_999_999_999_999_999 {
            return Err(Self::violation());
        }
        NonZeroU64::new(id).map(Self).ok_or_else(Self::violation)
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Written as a string, as DigiCert documents the path value.
impl Serialize for OrderId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

const _: () = assert!(Field::ALL.len() == Field::TEXT.len() + 1);
