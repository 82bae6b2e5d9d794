//! Values as JSON.

use serde::ser::{Error, Serialize, SerializeMap, Serializer};

use super::reader::{Reader, unicode};
use super::{Node, Value};

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.reader().serialize(to)
    }
}

/// What comes next.
impl Serialize for Reader<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut rest = self.clone();
        match rest.next() {
            Some(Node::Null) | None => to.serialize_unit(),
            Some(Node::Bool(value)) => to.serialize_bool(*value),
            Some(Node::Unsigned(value)) => to.serialize_u64(*value),
            Some(Node::Float(value)) => serialize_float(*value, to),
            Some(Node::Number) => to.serialize_f64(0.0),
            Some(Node::Text(text)) => to.serialize_str(unicode(text).map_err(Error::custom)?),
            Some(Node::List(items)) => to.collect_seq((0..*items).map(|_| {
                let item = rest.clone();
                rest.skip();
                item
            })),
            Some(Node::Map(_)) => {
                let mut members = to.serialize_map(None)?;
                for (name, value) in self.members().into_iter().flatten() {
                    let name = unicode(name).map_err(Error::custom)?;
                    members.serialize_entry(name, &value)?;
                }
                members.end()
            }
        }
    }
}

/// A whole number as one, since a column of ids with an empty cell becomes one of floats in pandas;
/// whatever else there is, as a number that nothing can be.
pub(crate) fn serialize_float<S: Serializer>(value: f64, to: S) -> Result<S::Ok, S::Error> {
    /// From here on not every whole number is a float.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && (0.0..EXACT).contains(&value) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, and in the range"
        )]
        return to.serialize_u64(value as u64);
    }
    to.serialize_f64(0.0)
}
