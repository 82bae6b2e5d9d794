//! A large account from a seed.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::account::Account;
use super::names::{CompanyName, Names, Product};
use super::order::Order;
use super::random::Random;

const FIRST_ID: u64 = 100_000_001;

/// An organization and the contacts of its people.
struct Company<'a> {
    id: u64,
    name: &'a CompanyName,
    people: Vec<Arc<Value>>,
}

impl Account {
    /// An account of this number of orders, with ids from 100000001 on. It has the keys of the demo
    /// account, a mix of products and statuses, names in many scripts, contacts that orders share,
    /// and some [leavers](Self::leavers). The same seed generates the same account in every version.
    ///
    /// 50,000 orders take about 55 MB of memory.
    ///
    /// ```
    /// let account = contacts_sandbox::Account::seeded(200, 7);
    /// assert!(!account.leavers().is_empty());
    /// ```
    #[must_use]
    pub fn seeded(orders: u32, seed: u64) -> Self {
        let names = Names::load();
        let mut random = Random::new(seed);
        let mut account = Self::with_demo_keys();
        let companies = companies(&mut random, &names, orders);
        account.leavers = leavers(&mut random, &companies);
        for number in 0..u64::from(orders) {
            account.insert(order(&mut random, &names, FIRST_ID + number, &companies));
        }
        account
    }
}

/// The addresses of two in a hundred people, and of one at least.
fn leavers(random: &mut Random, companies: &[Company<'_>]) -> Vec<String> {
    let email = |contact: &Arc<Value>| contact["email"].as_str().map(str::to_owned);
    let mut people = companies.iter().flat_map(|company| &company.people);
    let leavers = people.clone().filter(|_| random.below(50) == 0);
    let leavers: Vec<_> = leavers.filter_map(email).collect();
    if leavers.is_empty() {
        return people.next().and_then(email).into_iter().collect();
    }
    leavers
}

fn companies<'a>(random: &mut Random, names: &'a Names, orders: u32) -> Vec<Company<'a>> {
    let people = (orders / 40).clamp(4, 4000);
    let count = u32::try_from(names.companies.len()).unwrap_or(1);
    let per_company = people.div_ceil(count).max(2);
    let company = |(id, name): (u64, &'a CompanyName)| {
        let people = (0..per_company).map(|n| person(random, names, &name.domain, n));
        let people = people.collect();
        Company { id, name, people }
    };
    (1..).zip(&names.companies).map(company).collect()
}

fn person(random: &mut Random, names: &Names, domain: &str, number: u32) -> Arc<Value> {
    let script = random.pick(&names.scripts);
    let (first, first_ascii) = random.pick(&script.first);
    let (last, last_ascii) = random.pick(&script.last);
    let mut contact = json!({
        "first_name": first,
        "last_name": last,
        "email": format!("{first_ascii}.{last_ascii}{number}@{domain}"),
    });
    // One in eight has no telephone, one in ten no title.
    if random.below(8) > 0 {
        // A range that is reserved for fiction.
        let line = random.below(100);
        contact["telephone"] = format!("{} 555 01{line:02}", script.code).into();
    }
    if random.below(10) > 0 {
        contact["job_title"] = random.pick(&names.job_titles).as_str().into();
    }
    Arc::new(contact)
}

fn order(random: &mut Random, names: &Names, id: u64, companies: &[Company<'_>]) -> Order {
    let company = random.pick(companies);
    let product = random.pick_weighted(&names.products, |product| product.weight);
    let status = random.pick_weighted(&names.statuses, |status| status.weight);
    let is_dv = product.validation_type == "dv";
    let fields = fields(random, names, id, company, product, &status.name);
    let organization = (!is_dv).then(|| random.pick(&company.people));
    let technical = match random.below(100) {
        // Older orders have a copy of the organization contact.
        0..15 => organization,
        15..18 => None,
        _ => Some(random.pick(&company.people)),
    };
    // It is the only contact of a DV order.
    let technical = technical.or_else(|| is_dv.then(|| random.pick(&company.people)));
    Order::from_parts(id, &fields, [organization.cloned(), technical.cloned()])
}

fn fields(
    random: &mut Random,
    names: &Names,
    id: u64,
    company: &Company<'_>,
    product: &Product,
    status: &str,
) -> Map<String, Value> {
    let day = random.below(600);
    let common_name = common_name(random, names, company, product);
    let mut certificate = json!({
        "common_name": common_name,
        "dns_names": [common_name],
        "id": id + 500_000_000,
    });
    if matches!(status, "issued" | "expired" | "revoked" | "reissue_pending") {
        issue(random, &mut certificate, day);
    }
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("status", status.into());
    put("certificate", certificate);
    put(
        "date_created",
        format!("{}T09:00:00+00:00", date(day)).into(),
    );
    if product.validation_type != "dv" {
        let organization = json!({
            "id": company.id,
            "name": company.name.name,
            "city": company.name.city,
            "country": company.name.country,
        });
        put("organization", organization);
    }
    put("validity_years", 1.into());
    put("container", json!({ "id": 1, "name": "Sandbox" }));
    let product = json!({
        "name_id": product.name_id,
        "name": product.name,
        "type": product.r#type,
        "validation_type": product.validation_type,
    });
    put("product", product);
    fields
}

fn issue(random: &mut Random, certificate: &mut Value, day: u32) {
    certificate["thumbprint"] = hex(random, 5).into();
    certificate["serial_number"] = format!("0{}", &hex(random, 4)[1..]).into();
    certificate["valid_from"] = date(day).into();
    certificate["valid_till"] = date(day + 397).into();
    certificate["signature_hash"] = "sha256".into();
}

fn common_name(
    random: &mut Random,
    names: &Names,
    company: &Company<'_>,
    product: &Product,
) -> String {
    let CompanyName { name, domain, .. } = company.name;
    if product.r#type == "code_signing_certificate" {
        return name.clone();
    }
    let host = random.pick(&names.hosts);
    let number = random.below(1000);
    let wildcard = product.name_id.contains("wildcard");
    let prefix = if wildcard { "*." } else { "" };
    format!("{prefix}{host}{number}.{domain}")
}

/// This number of groups of 32 bits.
fn hex(random: &mut Random, groups: usize) -> String {
    let group = |_| format!("{:08X}", random.next() >> 32);
    (0..groups).map(group).collect()
}

/// The date this number of days after 2025-01-01, in a calendar of 30-day months.
fn date(day: u32) -> String {
    let (year, rest) = (2025 + day / 360, day % 360);
    format!("{year}-{:02}-{:02}", rest / 30 + 1, (rest % 30 + 1).min(28))
}
