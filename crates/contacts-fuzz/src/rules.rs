use contacts_bulk::policy::Policy;
use contacts_bulk::rules::Rules;
use contacts_core::Order;

/// A file of rules, and a policy. Both end in a value or in a message that is safe to print.
///
/// # Panics
/// Panics if a property is violated.
pub fn rules(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Rules::parse(&text) {
        Ok(rules) => drop(rules.update(&Order::default())),
        Err(error) => crate::assert_printable(&error.to_string()),
    }
    if let Err(error) = Policy::parse(&text) {
        crate::assert_printable(&error.to_string());
    }
}
