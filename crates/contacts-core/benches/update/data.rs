//! Updates to read: always the same, since their generator has a fixed seed.

use std::fmt::Write;

const FIRST: [&str; 9] = [
    "John",
    "Jane",
    "Maria",
    "Peter",
    "Aisha",
    "Liam",
    "Zoë",
    "Ольга",
    "美玲",
];
const LAST: [&str; 9] = [
    "Doe",
    "Smith",
    "Garcia",
    "Johnson",
    "Novak",
    "Kim",
    "Müller",
    "Смирнова",
    "陳",
];

/// A linear congruential generator, enough for picking.
struct Picks(u64);

impl Picks {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let index = usize::try_from(self.below(list.len() as u64)).unwrap();
        list[index]
    }
}

/// What is wrong with an update.
#[derive(Clone, Copy)]
enum Fault {
    Nothing,
    Email,
    Missing,
    TooLong,
    Duplicate,
    Control,
}

const FAULTS: [Fault; 5] = [
    Fault::Email,
    Fault::Missing,
    Fault::TooLong,
    Fault::Duplicate,
    Fault::Control,
];

/// 70 % valid.
pub(crate) fn mixed(count: u32) -> Vec<Vec<u8>> {
    updates(count, |n| n % 10 < 7)
}

pub(crate) fn all_valid(count: u32) -> Vec<Vec<u8>> {
    updates(count, |_| true)
}

pub(crate) fn all_invalid(count: u32) -> Vec<Vec<u8>> {
    updates(count, |_| false)
}

fn updates(count: u32, valid: impl Fn(u32) -> bool) -> Vec<Vec<u8>> {
    let mut picks = Picks(7);
    let fault = |n: u32| {
        if valid(n) {
            Fault::Nothing
        } else {
            FAULTS[n as usize % FAULTS.len()]
        }
    };
    (0..count).map(|n| update(&mut picks, fault(n))).collect()
}

fn update(picks: &mut Picks, fault: Fault) -> Vec<u8> {
    let second = match fault {
        Fault::Duplicate => "organization_contact",
        _ => "technical_contact",
    };
    let first = contact(picks, "organization_contact", Fault::Nothing);
    let second = contact(picks, second, fault);
    format!(r#"{{"contacts":[{first},{second}]}}"#).into_bytes()
}

fn contact(picks: &mut Picks, kind: &str, fault: Fault) -> String {
    let (first, last) = (picks.of(&FIRST), picks.of(&LAST));
    let number = picks.below(100_000);
    let email = match fault {
        Fault::Email => format!("user{number}.example.com"),
        _ => format!("user{number}@mail.example.com"),
    };
    let title = match fault {
        Fault::TooLong => "x".repeat(65),
        Fault::Control => "Site\\u0007Reliability".to_owned(),
        _ => "Site Reliability Engineer".to_owned(),
    };
    let mut json = format!(r#"{{"first_name":"{first}","email":"{email}","job_title":"{title}""#);
    if !matches!(fault, Fault::Missing) {
        let _ = write!(json, r#","last_name":"{last}""#);
    }
    let _ = write!(
        json,
        r#","telephone":"+1 555 {number:05}","language_id":"1","contact_type":"{kind}"}}"#
    );
    json
}
