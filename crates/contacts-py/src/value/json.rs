//! Values as JSON.

use serde::ser::{Error, Serialize, SerializeMap, Serializer};

use super::{Value, unicode};

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Bool(value) => to.serialize_bool(*value),
            Self::Unsigned(value) => to.serialize_u64(*value),
            Self::Number => to.serialize_f64(0.0),
            Self::Text(text) => to.serialize_str(unicode(text).map_err(Error::custom)?),
            Self::List(list) => to.collect_seq(list),
            Self::Map(map) => {
                let mut members = to.serialize_map(Some(map.len()))?;
                for (name, value) in map {
                    let name = unicode(name).map_err(Error::custom)?;
                    members.serialize_entry(name, value)?;
                }
                members.end()
            }
        }
    }
}
