//! A large account from a seed.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::account::Account;
use crate::name::{COMPANIES, GIVEN, HOSTS, JOBS, PRODUCTS, Product, STATUSES};
use crate::order::Order;
use crate::random::Random;

const FIRST_ID: u64 = 100_000_001;

/// Somebody whom orders name.
struct Person {
    contact: Arc<Value>,
    email: String,
}

/// An organization and the people who work for it.
struct Company {
    id: u64,
    name: &'static str,
    country: &'static str,
    city: &'static str,
    domain: String,
    people: Vec<Person>,
}

impl Account {
    /// A large account of so many orders, with the ids from 100000001 on: the same for the same
    /// seed, with every version. It has the keys of the demo account, a mix of products and of
    /// statuses, people with names of many scripts, contacts that orders share, and some
    /// [leavers](Self::leavers). 5,000,000 orders are the most.
    ///
    /// ```
    /// let account = contacts_sandbox::Account::seeded(200, 7);
    /// assert!(!account.leavers().is_empty());
    /// ```
    #[must_use]
    pub fn seeded(orders: u32, seed: u64) -> Self {
        let mut account = Self::with_demo_keys();
        fill(&mut account, orders.min(5_000_000), seed);
        account
    }
}

fn fill(account: &mut Account, orders: u32, seed: u64) {
    let mut random = Random::new(seed);
    let companies = companies(&mut random, orders);
    // Two in a hundred of the people have left.
    let people = companies.iter().flat_map(|company| &company.people);
    let mut leavers: Vec<_> = people
        .filter(|_| random.below(50) == 0)
        .map(|person| person.email.clone())
        .collect();
    if leavers.is_empty() {
        let first = companies
            .iter()
            .filter_map(|company| company.people.first());
        leavers.extend(first.map(|person| person.email.clone()).take(1));
    }
    account.leavers = leavers;
    for number in 0..u64::from(orders) {
        account.insert(order(&mut random, FIRST_ID + number, &companies));
    }
}

fn companies(random: &mut Random, orders: u32) -> Vec<Company> {
    let people = (orders / 40).clamp(4, 4000);
    let each = people
        .div_ceil(u32::try_from(COMPANIES.len()).unwrap_or(1))
        .max(2);
    let one = |(number, &(name, domain, country, city)): (usize, &(_, &str, _, _))| {
        let people = (0..each).map(|at| person(random, domain, at));
        Company {
            id: number as u64 + 1,
            name,
            country,
            city,
            domain: domain.to_owned(),
            people: people.collect(),
        }
    };
    COMPANIES.iter().enumerate().map(one).collect()
}

fn person(random: &mut Random, domain: &str, number: u32) -> Person {
    let script = random.pick(&GIVEN);
    let (first, ascii_first) = *random.pick(script.first);
    let (last, ascii_last) = *random.pick(script.last);
    let email = format!("{ascii_first}.{ascii_last}{number}@{domain}");
    let mut contact = Map::new();
    let mut put = |name: &str, value: String| contact.insert(name.to_owned(), value.into());
    put("first_name", first.to_owned());
    put("last_name", last.to_owned());
    put("email", email.clone());
    // One in eight has no telephone, one in ten no title.
    if random.below(8) > 0 {
        // A range that is set aside for fiction.
        let line = random.below(100);
        put("telephone", format!("{} 555 01{line:02}", script.code));
    }
    if random.below(10) > 0 {
        put("job_title", (*random.pick(&JOBS)).to_owned());
    }
    Person {
        contact: Arc::new(Value::Object(contact)),
        email,
    }
}

fn order(random: &mut Random, id: u64, companies: &[Company]) -> Order {
    let company = random.pick(companies);
    let product = weighted(random, &PRODUCTS, |product| product.weight);
    let status = weighted(random, &STATUSES, |status| status.1).0;
    let members = members(random, id, company, product, status);
    let organization = (product.validation != "dv").then(|| random.pick(&company.people));
    let technical = match random.below(100) {
        // As in older orders: a copy of the organization contact.
        0..15 => organization,
        15..18 => None,
        _ => Some(random.pick(&company.people)),
    };
    // A DV order has nobody else.
    let technical = technical.or_else(|| {
        let dv = organization.is_none();
        dv.then(|| random.pick(&company.people))
    });
    let contact = |person: Option<&Person>| person.map(|person| Arc::clone(&person.contact));
    Order::assemble(id, &members, [contact(organization), contact(technical)])
}

fn weighted<'a, T>(random: &mut Random, list: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
    let total: u32 = list.iter().map(&weight).sum();
    let mut left = random.below(total);
    for one in list {
        let weight = weight(one);
        if left < weight {
            return one;
        }
        left -= weight;
    }
    &list[0]
}

fn members(
    random: &mut Random,
    id: u64,
    company: &Company,
    product: &Product,
    status: &str,
) -> Map<String, Value> {
    let day = random.below(600);
    let created = date(day);
    let mut certificate = json!({ "common_name": common_name(random, company, product) });
    certificate["dns_names"] = json!([certificate["common_name"]]);
    if matches!(status, "issued" | "expired" | "revoked" | "reissue_pending") {
        certificate["id"] = (id + 500_000_000).into();
        certificate["thumbprint"] = hex(random, 5).into();
        certificate["serial_number"] = format!("0{}", &hex(random, 4)[1..]).into();
        certificate["valid_from"] = created.clone().into();
        certificate["valid_till"] = date(day + 397).into();
        certificate["signature_hash"] = "sha256".into();
    }
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("status", status.into());
    put("certificate", certificate);
    put("date_created", format!("{created}T09:00:00+00:00").into());
    if product.validation != "dv" {
        let organization = json!({
            "id": company.id,
            "name": company.name,
            "city": company.city,
            "country": company.country,
        });
        put("organization", organization);
    }
    put("validity_years", 1.into());
    put("container", json!({ "id": 1, "name": "Sandbox" }));
    let product = json!({
        "name_id": product.name_id,
        "name": product.name,
        "type": product.kind,
        "validation_type": product.validation,
    });
    put("product", product);
    members
}

fn common_name(random: &mut Random, company: &Company, product: &Product) -> String {
    if product.kind == "code_signing_certificate" {
        return company.name.to_owned();
    }
    let host = random.pick(&HOSTS);
    let number = random.below(1000);
    let star = if product.name_id.contains("wildcard") {
        "*."
    } else {
        ""
    };
    format!("{star}{host}{number}.{}", company.domain)
}

/// So many groups of 32 bits.
fn hex(random: &mut Random, groups: usize) -> String {
    let group = |_| format!("{:08X}", random.next() >> 32);
    (0..groups).map(group).collect()
}

/// The day after the first of 2025, in months of 30 days, which is good enough for what is made up.
fn date(day: u32) -> String {
    let (year, rest) = (2025 + day / 360, day % 360);
    format!("{year}-{:02}-{:02}", rest / 30 + 1, (rest % 30 + 1).min(28))
}
