//! Reads members of a response that may have another type than documented.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A value of another type counts as absent.
pub(crate) fn value<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).ok())
}

/// An integer, or its digits in a string; anything else counts as absent.
pub(crate) fn integer<'de, D: Deserializer<'de>, T: TryFrom<u64>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    let integer = match Value::deserialize(from)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(integer.and_then(|integer| integer.try_into().ok()))
}

/// The members that can be read. One value stands for a list of it, `null` for an empty list.
pub(crate) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    let members = match Value::deserialize(from)? {
        Value::Array(members) => members,
        Value::Null => Vec::new(),
        member => vec![member],
    };
    let members = members.into_iter().map(serde_json::from_value);
    Ok(members.filter_map(Result::ok).collect())
}

/// The value, or the default if it is not an object. serde would also read an array as a struct.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Default + DeserializeOwned>(
    from: D,
) -> Result<T, D::Error> {
    let json = Value::deserialize(from)?;
    let object = json.is_object().then(|| serde_json::from_value(json).ok());
    Ok(object.flatten().unwrap_or_default())
}
