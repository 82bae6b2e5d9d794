//! The material of a generated account. All names are invented or common, and all domains are
//! reserved ones.

use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Names {
    pub(super) scripts: Vec<Script>,
    pub(super) companies: Vec<CompanyName>,
    pub(super) products: Vec<Product>,
    pub(super) statuses: Vec<Status>,
    pub(super) job_titles: Vec<String>,
    pub(super) hosts: Vec<String>,
}

/// Names of people in one script, each with its form in an e-mail address.
#[derive(Deserialize)]
pub(super) struct Script {
    /// The telephone code of a country.
    pub(super) code: String,
    pub(super) first: Vec<(String, String)>,
    pub(super) last: Vec<(String, String)>,
}

#[derive(Deserialize)]
pub(super) struct CompanyName {
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) country: String,
    pub(super) city: String,
}

/// The weights are invented.
#[derive(Deserialize)]
pub(super) struct Product {
    pub(super) weight: u32,
    pub(super) name_id: String,
    pub(super) name: String,
    pub(super) r#type: String,
    pub(super) validation_type: String,
}

/// The weights are invented.
#[derive(Deserialize)]
pub(super) struct Status {
    pub(super) weight: u32,
    pub(super) name: String,
}

impl Names {
    pub(super) fn load() -> Self {
        serde_json::from_str(include_str!("names.json")).expect("`names.json` is valid")
    }
}
