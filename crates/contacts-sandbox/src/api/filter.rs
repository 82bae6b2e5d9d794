//! Filters of the list and of the report: `filters[name]=value`, or alternatives in the form of an
//! array, `filters[name][0]=value`.

mod dates;

use std::borrow::Cow;
use std::cell::LazyCell;
use std::slice;

use serde_json::Value;

use self::dates::Dates;
use super::error;
use crate::data::date::Period;
use crate::data::order::Order;
use crate::data::record::truncated;
use crate::http::response::Response;

/// The name of a filter, and how it compares.
pub(super) type Property = (&'static str, Rule);

#[derive(Clone, Copy)]
pub(super) enum Rule {
    Status,
    Product,
    /// One of these fields equals the value.
    Equals(&'static [&'static str]),
    /// One of these fields contains the value.
    Contains(&'static [&'static str]),
    Date(&'static str),
    /// This date or a later one.
    Since(&'static str),
    /// This date or an earlier one.
    Until(&'static str),
    Flag(&'static str),
    Origin,
}

/// Documented for the list and for the report.
const SHARED: &[Property] = &[
    ("id", Rule::Equals(&["id"])),
    ("status", Rule::Status),
    ("common_name", Rule::Equals(&["certificate.common_name"])),
    ("date_created", Rule::Date("date_created")),
    ("valid_till", Rule::Date("certificate.valid_till")),
    ("organization_id", Rule::Equals(&["organization.id"])),
    ("user_id", Rule::Equals(&["user.id"])),
    ("product_name_id", Rule::Product),
    ("is_renewed", Rule::Flag("is_renewed")),
    ("container_id", Rule::Equals(&["container.id"])),
];

/// Documented for the list only.
const LIST_ONLY: &[Property] = &[
    (
        "domain_name",
        Rule::Equals(&["certificate.common_name", "certificate.dns_names"]),
    ),
    (
        "email",
        Rule::Equals(&["organization_contact.email", "technical_contact.email"]),
    ),
    ("certificate_id", Rule::Equals(&["certificate.id"])),
    (
        "serial_number",
        Rule::Equals(&["certificate.serial_number"]),
    ),
    ("metadata_id", Rule::Equals(&["custom_fields.metadata_id"])),
    (
        "disable_renewal_notifications",
        Rule::Flag("disable_renewal_notifications"),
    ),
    ("origin", Rule::Origin),
    (
        "search",
        Rule::Contains(&[
            "certificate.common_name",
            "organization_contact.email",
            "technical_contact.email",
        ]),
    ),
];

pub(super) const OF_REPORT: &[&[Property]] = &[SHARED];
pub(super) const OF_LIST: &[&[Property]] = &[SHARED, LIST_ONLY];

/// The filters of a query. An order must match all of them, and of each filter one value.
#[derive(Default)]
pub(super) struct Filters(Vec<(&'static str, Vec<Condition>)>);

enum Condition {
    Status(String),
    Product(String),
    /// The pattern is in lower case; `%` stands for any text.
    Field(&'static [&'static str], String),
    Date(&'static str, Dates),
    Flag(&'static str, bool),
    Origin(bool),
}

impl Filters {
    /// The filters of a query; other parameters are ignored.
    pub(super) fn parse(query: &str, properties: &[&[Property]]) -> Result<Self, Response> {
        let mut filters = Self::default();
        for (parameter, value) in form_urlencoded::parse(query.as_bytes()) {
            // Also the misspelt `filter[...]`: without its filter, a query returns every order.
            if !parameter.starts_with("filter") {
                continue;
            }
            let name = filter_name(&parameter);
            let known = |(known, _): &&Property| Some(*known) == name;
            let Some(&(name, rule)) = properties.iter().copied().flatten().find(known) else {
                return Err(unknown_filter(&parameter, properties));
            };
            let added = filters.add((name, rule), &value);
            added.ok_or_else(|| invalid_value(name, rule))?;
        }
        Ok(filters)
    }

    /// Adds a value of a filter; `None` if it is invalid.
    pub(super) fn add(&mut self, (name, rule): Property, value: &str) -> Option<()> {
        let condition = rule.parse(value)?;
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, any_of)) => any_of.push(condition),
            None => self.0.push((name, vec![condition])),
        }
        Some(())
    }

    pub(super) fn match_order(&self, order: &Order) -> bool {
        // Decoding an order takes longer than comparing it, and its status needs none.
        let document = LazyCell::new(|| order.to_value());
        let matches = |condition: &Condition| condition.matches(order, &document);
        self.0.iter().all(|(_, any_of)| any_of.iter().any(matches))
    }
}

/// The name in `filters[name]`, `filters[name][]` and `filters[name][0]`.
fn filter_name(parameter: &str) -> Option<&str> {
    let (name, index) = parameter.strip_prefix("filters[")?.split_once(']')?;
    if index.is_empty() {
        return Some(name);
    }
    let index = index.strip_prefix('[')?.strip_suffix(']')?;
    index.bytes().all(|b| b.is_ascii_digit()).then_some(name)
}

fn unknown_filter(parameter: &str, properties: &[&[Property]]) -> Response {
    let names = properties.iter().copied().flatten().map(|(name, _)| *name);
    let names: Vec<_> = names.collect();
    let message = format!(
        "`{}` is not a filter of this request; use `filters[name]` with one of {}.",
        truncated(parameter, 100),
        names.join(", ")
    );
    error::bad_request("sandbox_query_invalid", &message)
}

fn invalid_value(name: &str, rule: Rule) -> Response {
    let expected = match rule {
        Rule::Flag(_) => "1 or 0",
        Rule::Origin => "`certcentral` or `migrated`",
        _ => {
            "a date as `yyyy-MM-dd` or `yyyy-MM-dd HH:mm:ss`, `>` or `<` with a date or `NOW`, two \
              dates with `...` between them, or `null`"
        }
    };
    let message = format!("`filters[{name}]` must be {expected}.");
    error::bad_request("sandbox_query_invalid", &message)
}

impl Rule {
    fn parse(self, value: &str) -> Option<Condition> {
        let condition = match self {
            Self::Status => Condition::Status(value.to_owned()),
            Self::Product => Condition::Product(value.to_owned()),
            Self::Equals(fields) => Condition::Field(fields, value.to_lowercase()),
            Self::Contains(fields) => {
                Condition::Field(fields, format!("%{}%", value.to_lowercase()))
            }
            Self::Date(field) => Condition::Date(field, Dates::parse(value)?),
            Self::Since(field) => Condition::Date(field, Dates::From(Period::parse(value)?)),
            Self::Until(field) => Condition::Date(field, Dates::UpTo(Period::parse(value)?)),
            Self::Flag(field) => Condition::Flag(field, one_of(value, ["0", "1"])?),
            Self::Origin => Condition::Origin(one_of(value, ["certcentral", "migrated"])?),
        };
        Some(condition)
    }
}

/// Whether a value is the second of two; `None` if it is neither.
fn one_of(value: &str, values: [&str; 2]) -> Option<bool> {
    let index = values.iter().position(|known| *known == value)?;
    Some(index == 1)
}

impl Condition {
    fn matches(&self, order: &Order, document: &LazyCell<Value, impl FnOnce() -> Value>) -> bool {
        match self {
            // Documented: orders that were issued and have expired are among the issued ones.
            Self::Status(status) if status == "issued" => {
                matches!(order.status(), "issued" | "expired")
            }
            Self::Status(status) => order.status() == status,
            Self::Product(product) => order.product() == product,
            Self::Field(fields, pattern) => fields
                .iter()
                .flat_map(|field| values(document, field))
                .any(|value| is_like(&text(value).to_lowercase(), pattern)),
            Self::Date(field, dates) => {
                let value = values(document, field).first().copied();
                dates.include(value.and_then(Value::as_str).and_then(Period::parse))
            }
            Self::Flag(field, expected) => {
                let set = Value::Bool(true);
                values(document, field).contains(&&set) == *expected
            }
            Self::Origin(migrated) => (document["origin"] == "migrated") == *migrated,
        }
    }
}

/// The values of a field, such as `certificate.id`; each value of a list counts.
fn values<'a>(document: &'a Value, field: &str) -> Vec<&'a Value> {
    field.split('.').fold(vec![document], |found, name| {
        let named = found.into_iter().filter_map(|value| value.get(name));
        let items = |value: &'a Value| match value {
            Value::Array(items) => items.as_slice(),
            value => slice::from_ref(value),
        };
        named.flat_map(items).collect()
    })
}

fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => text.into(),
        value => value.to_string().into(),
    }
}

/// Whether a text has the form of a pattern, in which `%` stands for any text.
fn is_like(text: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('%') else {
        return text == pattern;
    };
    let (middle, end) = rest.rsplit_once('%').unwrap_or(("", rest));
    let mut parts = middle.split('%');
    let rest = text.strip_prefix(start);
    let rest =
        rest.and_then(|rest| parts.try_fold(rest, |rest, part| Some(rest.split_once(part)?.1)));
    rest.is_some_and(|rest| rest.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn a_percent_sign_stands_for_any_text() {
        for pattern in [
            "abc", "%", "a%", "%c", "a%c", "%b%", "%a%b%c%", "abc%", "%%abc%%",
        ] {
            assert!(is_like("abc", pattern), "{pattern}");
        }
        for pattern in ["", "ab", "b%", "%b", "c%a", "%c%b%", "abcd%", "ab%bc"] {
            assert!(!is_like("abc", pattern), "{pattern}");
        }
    }
}
