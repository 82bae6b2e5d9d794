//! Generated updates. The seed is fixed, so they are always the same.

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

/// A linear congruential generator.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn choose<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let index = usize::try_from(self.below(list.len() as u64)).unwrap();
        list[index]
    }
}

/// The violation of an update.
#[derive(Clone, Copy)]
enum Defect {
    None,
    Email,
    Missing,
    TooLong,
    Duplicate,
    Control,
}

const DEFECTS: [Defect; 5] = [
    Defect::Email,
    Defect::Missing,
    Defect::TooLong,
    Defect::Duplicate,
    Defect::Control,
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
    let mut random = Random(7);
    let defect = |n: u32| {
        if valid(n) {
            Defect::None
        } else {
            DEFECTS[n as usize % DEFECTS.len()]
        }
    };
    (0..count).map(|n| update(&mut random, defect(n))).collect()
}

fn update(random: &mut Random, defect: Defect) -> Vec<u8> {
    let second = match defect {
        Defect::Duplicate => "organization_contact",
        _ => "technical_contact",
    };
    let first = contact(random, "organization_contact", Defect::None);
    let second = contact(random, second, defect);
    format!(r#"{{"contacts":[{first},{second}]}}"#).into_bytes()
}

fn contact(random: &mut Random, contact_type: &str, defect: Defect) -> String {
    let (first, last) = (random.choose(&FIRST), random.choose(&LAST));
    let number = random.below(100_000);
    let email = match defect {
        Defect::Email => format!("user{number}.example.com"),
        _ => format!("user{number}@mail.example.com"),
    };
    let title = match defect {
        Defect::TooLong => "x".repeat(65),
        Defect::Control => "Site\\u0007Reliability".to_owned(),
        _ => "Site Reliability Engineer".to_owned(),
    };
    let mut json = format!(r#"{{"first_name":"{first}","email":"{email}","job_title":"{title}""#);
    if !matches!(defect, Defect::Missing) {
        let _ = write!(json, r#","last_name":"{last}""#);
    }
    let _ = write!(
        json,
        r#","telephone":"+1 555 {number:05}","language_id":"1","contact_type":"{contact_type}"}}"#
    );
    json
}
