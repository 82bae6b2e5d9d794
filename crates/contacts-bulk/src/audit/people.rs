use std::collections::HashMap;

use contacts_core::OrderContact;

use crate::search::fold;

/// The names and addresses of contacts, with the number of each.
pub(super) struct People {
    by_address: Counts,
    by_name: Counts,
}

/// The values that occur together with a key, each with how often.
#[derive(Default)]
struct Counts(HashMap<String, HashMap<String, usize>>);

/// How a contact differs from most others of the same person.
#[derive(Clone, Copy)]
pub(super) enum Spelling {
    OtherName,
    OtherAddress,
}

impl People {
    pub(super) fn of<'o>(contacts: impl Iterator<Item = &'o OrderContact>) -> Self {
        let (mut by_address, mut by_name) = (Counts::default(), Counts::default());
        for (name, address) in contacts.filter_map(identity) {
            by_address.add(address.clone(), name.clone());
            by_name.add(name, address);
        }
        Self {
            by_address,
            by_name,
        }
    }

    /// The number of different addresses.
    pub(super) fn len(&self) -> usize {
        self.by_address.0.len()
    }

    pub(super) fn spelling(&self, contact: &OrderContact) -> Option<Spelling> {
        let (name, address) = identity(contact)?;
        if !self.by_address.is_usual(&address, &name) {
            Some(Spelling::OtherName)
        } else if !self.by_name.is_usual(&name, &address) {
            Some(Spelling::OtherAddress)
        } else {
            None
        }
    }
}

impl Counts {
    fn add(&mut self, key: String, value: String) {
        *self.0.entry(key).or_default().entry(value).or_default() += 1;
    }

    /// Whether no value of the key is more frequent; of equally frequent ones, the first in the alphabet
    /// counts.
    fn is_usual(&self, key: &str, value: &str) -> bool {
        let counts = self.0.get(key).into_iter().flatten();
        let usual = counts.max_by(|(a, m), (b, n)| m.cmp(n).then_with(|| b.cmp(a)));
        usual.is_some_and(|(usual, _)| usual == value)
    }
}

/// The name and the address, as they are compared; `None` without one of them.
fn identity(contact: &OrderContact) -> Option<(String, String)> {
    let name = format!("{} {}", contact.first_name()?, contact.last_name()?);
    Some((fold(&name), fold(contact.email()?)))
}
